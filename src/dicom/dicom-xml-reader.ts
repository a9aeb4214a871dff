import { SaxesParser } from 'saxes';
import type { DicomJson } from './dicom-json.js';
import { DicomFault, MalformedMetadata } from './faults.js';
import { NativeDicomModel } from './native-dicom-model.js';

/**
 * Reads a document of the Native DICOM Model (PS3.19 A.1). A document type declaration is refused, so there are no entities
 * but XML's own five: nothing can be fetched or blown up. Depth and elements are bounded as in files.
 * @throws MalformedMetadata  no well-formed XML in UTF-8, or not of this model
 * @throws DicomFault  an element that cannot be written
 */
export function readDicomXml(bytes: Uint8Array): DicomJson {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const model = new NativeDicomModel();
  const place = (): string => `line ${parser.line}, column ${parser.column}`;
  parser.on('error', (error) => {
    throw new MalformedMetadata(`it is no well-formed XML (${place()})`, error);
  });
  parser.on('doctype', () => {
    throw new MalformedMetadata('a document type declaration is not allowed');
  });
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && !/^(utf-?8|us-ascii)$/i.test(encoding)) throw new MalformedMetadata('it is not UTF-8');
  });
  parser.on('opentag', ({ local, attributes }) => model.open(local, (name) => attributes[name]?.value));
  parser.on('text', (text) => model.text(text));
  parser.on('cdata', (text) => model.text(text));
  parser.on('closetag', () => model.close());
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    for (let at = 0; at < bytes.length; at += 65_536) parser.write(decoder.decode(bytes.subarray(at, at + 65_536), { stream: true }));
    parser.write(decoder.decode()).close();
  } catch (error) {
    throw error instanceof DicomFault ? error : new MalformedMetadata('it is not UTF-8', error);
  }
  return model.dataset;
}
