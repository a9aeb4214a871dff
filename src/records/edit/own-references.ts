import { changeReferences } from '../bundle/rewrite-references.js';
import { isServed } from '../served-types.js';
import { isObject } from '../validation/json-object.js';
import { relativeType } from '../validation/references.js';

/**
 * Makes references by the server's own address relative, which is the same (R4 references.html#literal), so that every way finds
 * them, by whatever name the server is asked: chains, compartments, includes, exports. Changes resources in place; a Bundle is left
 * as it is, as somebody may have signed it.
 * @param text  that they were read from; @param base  the server's own FHIR address
 */
export function ownReferences(text: string, resources: readonly unknown[], base: string): void {
  const own = `${base}/`;
  if (!text.includes(own)) return;
  for (const resource of resources)
    if (isObject(resource) && resource['resourceType'] !== 'Bundle')
      changeReferences(resource, (reference) => {
        const local = reference.startsWith(own) ? reference.slice(own.length) : '';
        return isServed(relativeType(local) ?? '') ? local : reference;
      });
}
