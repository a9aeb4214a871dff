import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { installedSoftware } from '../../../src/evidence/contents/device/lock-packages.js';
import { studyContents } from '../../../src/evidence/contents/study-contents.js';
import type { StudyFile } from '../../../src/evidence/contents/study-file.js';
import { evidencePackage } from '../../../src/evidence/package/evidence-package.js';
import { validateText } from '../../../src/records/validation/validate-text.js';
import { aSigning, bytesOf as zipBytes, checked } from '../package/a-package.js';
import { aSmallStudyFile } from './a-small-study.js';

import { pdfText } from './pdf-text.js';
import { OPTIONS, readContents, textIn } from './read-contents.js';

interface Bom {
  readonly components: readonly { type: string; name: string; purl?: string; hashes?: object[]; licenses?: object[]; modelCard?: object }[];
  readonly dependencies: readonly { ref: string; dependsOn: readonly string[] }[];
}

describe('What others’ systems read of a study’s package', () => {
  let file: StudyFile;
  let files: ReadonlyMap<string, Buffer>;
  beforeAll(async () => {
    file = aSmallStudyFile();
    files = await readContents(file);
  });

  it('has a bill of materials that is valid CycloneDX 1.6', async () => {
    const found = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(textIn(files, '06-device/sbom.cdx.json'));
    expect(found).toBeNull();
  });

  it('names in it what the server runs with, and nothing of what it is only built with', () => {
    const { components, dependencies } = JSON.parse(textIn(files, '06-device/sbom.cdx.json')) as Bom;
    const purls = components.flatMap(({ purl }) => purl ?? []);
    expect(purls.filter((purl) => purl.startsWith('pkg:npm/pdfkit@'))).toHaveLength(1);
    expect(purls.filter((purl) => /npm\/(jest|prettier|oxlint)@/.test(purl))).toEqual([]);
    expect(purls.some((purl) => purl.startsWith('pkg:npm/%40nestjs/core@'))).toBe(true);
    expect(
      components
        .filter(({ purl, hashes, licenses }) => purl !== undefined && (hashes === undefined || licenses === undefined))
        .map(({ name }) => name),
    ).toEqual(['png-js']); // its package.json names no licence: its text is MIT's
    const refs = new Set([...purls, 'model', 'software']);
    expect(dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.has(ref))).toEqual([]);
    expect(dependencies[0].dependsOn).toEqual(expect.arrayContaining(['model', expect.stringMatching(/^pkg:npm\/pg@/)]));
    expect(components[0]).toMatchObject({ type: 'machine-learning-model', hashes: [{ alg: 'SHA-256', content: file.run.onnxSha256 }] });
    expect(JSON.stringify(components[0].modelCard)).toContain('Knows one hospital only.');
  });

  it('finds the version of a package that another one needs where Node would', () => {
    const lock = {
      packages: {
        '': { name: 'x', version: '1.0.0', dependencies: { a: '1', b: '1' } },
        'node_modules/a': { version: '1.0.0', dependencies: { b: '2' } },
        'node_modules/a/node_modules/b': { version: '2.0.0' },
        'node_modules/b': { version: '1.0.0' },
        'node_modules/t': { version: '1.0.0', dev: true },
      },
    };
    const { needs, packages } = installedSoftware(JSON.stringify(lock));
    expect(needs).toEqual(['pkg:npm/a@1.0.0', 'pkg:npm/b@1.0.0']);
    expect(packages.map(({ purl, needs: of }) => [purl, of])).toEqual([
      ['pkg:npm/a@1.0.0', ['pkg:npm/b@2.0.0']],
      ['pkg:npm/b@1.0.0', []],
      ['pkg:npm/b@2.0.0', []],
    ]);
  });

  it('has a FHIR bundle that the server itself would take', () => {
    const { issues } = validateText(textIn(files, '12-fhir/bundle.json'));
    expect(issues).toEqual([]);
    const bundle = JSON.parse(textIn(files, '12-fhir/bundle.json')) as { entry: { fullUrl: string; resource: { resourceType: string } }[] };
    const types = new Set(bundle.entry.map(({ resource }) => resource.resourceType));
    for (const type of ['ResearchStudy', 'Group', 'Evidence', 'EvidenceVariable', 'MeasureReport', 'Provenance', 'DocumentReference'])
      expect(types).toContain(type);
    const urls = new Set(bundle.entry.map(({ fullUrl }) => fullUrl));
    const references = [...textIn(files, '12-fhir/bundle.json').matchAll(/"reference": "([^"]*)"/g)].map(([, to]) => to);
    expect(references.filter((to) => !urls.has(to))).toEqual([]);
  });

  it('has the report as PDF: in words, tagged, with names of other alphabets', () => {
    const bytes = files.get('report.pdf')!;
    const text = pdfText(bytes);
    for (const said of [
      'Does the model find cancer',
      'Żaneta Ковач',
      'E_UNBALANCED',
      'R2 (simulated)',
      'Sensitivity (true positive rate)',
      'Not for clinical use.',
    ])
      expect(text).toContain(said);
    expect(bytes.toString('latin1')).toMatch(/\/MarkInfo[\s\S]*\/StructTreeRoot|\/StructTreeRoot[\s\S]*\/MarkInfo/);
  });

  it('writes in it what its font lacks by code point, and loses nothing', async () => {
    const study = aSmallStudyFile();
    const { files: made } = studyContents({ ...study, organisation: '北京 Spital' }, OPTIONS);
    const pieces: Uint8Array[] = [];
    for await (const piece of made.find(({ path }) => path === 'report.pdf')!.open()) pieces.push(piece);
    expect(pdfText(Buffer.concat(pieces))).toContain('[U+5317 U+4EAC] Spital');
  });

  it('answers of STARD-AI what the data know, and says of the rest that it is not answered', () => {
    const { items } = JSON.parse(textIn(files, '11-checklists/stard-ai.json')) as {
      items: { answered: boolean; text: string; where?: string }[];
    };
    expect(items.filter(({ answered }) => answered).length).toBeGreaterThan(20);
    expect(items.filter(({ answered }) => !answered).every(({ text }) => text === 'Not answered from the study’s data.')).toBe(true);
    for (const { where } of items) if (where !== undefined) expect(files.has(where)).toBe(true);
  });

  it('makes a package of it all that its verifier finds whole, but for the server’s part: signatures and ledger', async () => {
    const zip = await evidencePackage({ ...studyContents(file, OPTIONS), verifier: '// what checks it\n' }, aSigning());
    const { exit, found } = await checked(await zipBytes(zip));
    expect([exit, found]).toEqual([
      2,
      [
        expect.stringMatching(/signatures\.json: of its signatures .* holds by no known key/),
        expect.stringMatching(/freeze\.json: it is not there/),
        expect.stringMatching(/events\.jsonl: it is not there/),
      ],
    ]);
  });
});
