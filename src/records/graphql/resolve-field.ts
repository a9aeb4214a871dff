import { getDirectiveValues, type GraphQLFieldResolver, type GraphQLResolveInfo } from 'graphql';
import type { JsonObject } from '../validation/json-object.js';
import { ReferenceUnresolved } from './faults.js';
import { filterElements, sliceNames, type ListArguments } from './filter-elements.js';
import type { GraphContext } from './graph-context.js';
import { SLICE } from './graph-directives.js';
import { MEMBER_CHARACTERS } from './spending.js';

export type Resolver<Arguments = object> = GraphQLFieldResolver<JsonObject, GraphContext, Arguments>;

/** What an error takes of it. */
const ERROR_CHARACTERS = 2_000;

/** A member as it is. */
export const memberOf: Resolver = (source, _asked, { spending }, { fieldName }) => {
  const value = source[fieldName];
  const size = typeof value === 'string' ? MEMBER_CHARACTERS + value.length : MEMBER_CHARACTERS;
  return spending.takes('answer', size) ? value : null;
};

/** A list, or what of it is asked for. @param base  what a FHIRPath is asked of */
export const listOf =
  (base: string): Resolver<ListArguments> =>
  (source, asked, context, info) => {
    const given = source[info.fieldName];
    if (!Array.isArray(given) || context.spending.over) return null;
    try {
      const kept = Object.keys(asked).length === 0 ? given : filterElements(given as unknown[], asked, base, context.spending);
      noteSlices(kept, base, context, info);
      return kept.length > 0 && context.spending.takes('answer', kept.length * MEMBER_CHARACTERS + sizeOfTexts(kept)) ? kept : null;
    } catch (error) {
      context.spending.takes('answer', ERROR_CHARACTERS);
      throw error;
    }
  };

const sizeOfTexts = (list: readonly unknown[]): number =>
  typeof list[0] === 'string' ? list.reduce<number>((sum, one) => sum + (typeof one === 'string' ? one.length : 0), 0) : 0;

function noteSlices(list: readonly unknown[], base: string, { slices, spending }: GraphContext, info: GraphQLResolveInfo): void {
  const [node] = info.fieldNodes;
  if (node.directives === undefined || node.directives.length === 0) return;
  const path = getDirectiveValues(SLICE, node, info.variableValues)?.['path'];
  if (typeof path === 'string') slices.set(placeOf(info.path), sliceNames(list, path, base, spending));
}

/** A place in the answer, as the walk over the answer makes it too. */
function placeOf(path: GraphQLResolveInfo['path']): string {
  let text = '';
  for (let at: typeof path | undefined = path; at !== undefined; at = at.prev) text = `/${at.key}${text}`;
  return text;
}

/** What a reference leads to (R4 graphql.html, "Resolving references"). @throws ReferenceUnresolved */
export const referredBy: Resolver<{ readonly optional?: boolean | null; readonly type?: string | null }> = async (
  source,
  { optional, type },
  context,
) => {
  let resource: JsonObject | undefined;
  try {
    resource = await context.referred(source);
  } catch (error) {
    if (optional !== true) throw error;
  }
  if (resource === undefined) {
    if (optional === true || !context.spending.takes('answer', ERROR_CHARACTERS)) return null;
    throw new ReferenceUnresolved();
  }
  return type === undefined || type === null || resource['resourceType'] === type ? resource : null;
};
