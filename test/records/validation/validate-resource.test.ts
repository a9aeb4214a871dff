import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { MalformedJson, validateText } from '../../../src/records/validation/validate-text.js';

interface Listed {
  readonly file: string;
  readonly valid: boolean;
  readonly level?: 'must-reject' | 'advisory';
}

const shared = new URL('../../../../../shared/fhir/', import.meta.url);
const present = existsSync(new URL('index.json', shared));
if (!present) console.warn('3 tests skipped: ../shared/fhir is absent');
const onShared = present ? it : it.skip;
const listed = present ? (JSON.parse(readFileSync(new URL('index.json', shared), 'utf8')) as { files: Listed[] }).files : [];

/** What is wrong with a file, by FHIRPath; a text that is no JSON has no path. */
function faultsOf(file: string): string[] {
  try {
    const { issues } = validateText(readFileSync(new URL(file, shared), 'utf8'));
    return issues.filter(({ severity }) => severity === 'error').map(({ expression, words }) => `${expression} ${words}`);
  } catch (error) {
    if (error instanceof MalformedJson) return ['no JSON'];
    throw error;
  }
}

/** Valid R4, but made by US Core to break the profile that they declare. */
const BREAKS_ITS_PROFILE = /uscore-(pd-1|provenance-1)-f1-fail\.json$/;

describe('Resources that others wrote', () => {
  onShared('are found valid where they are', () => {
    const valid = listed.filter((one) => one.valid && !BREAKS_ITS_PROFILE.test(one.file));
    expect(valid.length).toBeGreaterThan(200);
    const alarms = valid.map(({ file }) => [file, faultsOf(file)] as const).filter(([, faults]) => faults.length > 0);
    expect(alarms).toEqual([]);
  });

  onShared('are refused where a base R4 server must refuse them', () => {
    const invalid = listed.filter(({ level }) => level === 'must-reject');
    expect(invalid.length).toBeGreaterThan(70);
    expect(invalid.filter(({ file }) => faultsOf(file).length === 0).map(({ file }) => file)).toEqual([]);
  });

  onShared('are refused only where there is a fault: nothing throws, whatever they hold', () => {
    for (const { file } of listed) expect(() => faultsOf(file)).not.toThrow(TypeError);
  });
});

const REPORT = {
  resourceType: 'DiagnosticReport',
  status: 'preliminary',
  code: { text: 'Chest X-ray' },
  subject: { reference: 'Patient/1' },
};
const issuesOf = (resource: unknown) => validateText(JSON.stringify(resource)).issues.map(({ code, expression }) => [code, expression]);

describe('A resource is validated', () => {
  it('and a narrative may be longer than a string may, a code hold a no-break space', () => {
    const div = `<div xmlns="http://www.w3.org/1999/xhtml">${'<p>long</p>'.repeat(100_000)}</div>`;
    expect(issuesOf({ ...REPORT, text: { status: 'generated', div }, language: 'en' })).toEqual([]);
    expect(issuesOf({ ...REPORT, code: { coding: [{ code: 'CHEST\u00a0' }] } })).toEqual([]);
  });

  it('and nothing is found where nothing is wrong', () => {
    expect(issuesOf(REPORT)).toEqual([]);
  });

  it.each<[string, object, string[][]]>([
    ['a member that R4 does not know', { priority: 'high' }, [['structure', 'DiagnosticReport.priority']]],
    ['a member that must be there', { code: undefined }, [['required', 'DiagnosticReport.code']]],
    ['a value for a list', { category: { text: 'x' } }, [['structure', 'DiagnosticReport.category']]],
    ['a list for a value', { code: [{ text: 'x' }] }, [['structure', 'DiagnosticReport.code']]],
    ['an empty list', { category: [] }, [['structure', 'DiagnosticReport.category']]],
    ['an empty object', { subject: {} }, [['structure', 'DiagnosticReport.subject']]],
    ['an empty text', { conclusion: '' }, [['value', 'DiagnosticReport.conclusion']]],
    ['null', { conclusion: null }, [['structure', 'DiagnosticReport.conclusion']]],
    ['a number for a text', { conclusion: 5 }, [['value', 'DiagnosticReport.conclusion']]],
    ['a code of another list', { status: 'ai-draft' }, [['code-invalid', 'DiagnosticReport.status']]],
    ['a day that there is not', { effectiveDateTime: '2026-02-30' }, [['value', 'DiagnosticReport.effective']]],
    ['a time without a zone', { effectiveDateTime: '2026-02-03T10:00:00' }, [['value', 'DiagnosticReport.effective']]],
    [
      'two types of one element',
      { effectiveDateTime: '2026', effectivePeriod: { start: '2026' } },
      [['structure', 'DiagnosticReport.effectivePeriod']],
    ],
    ['a reference to another type', { subject: { reference: 'Observation/1' } }, [['structure', 'DiagnosticReport.subject.reference']]],
    ['a contained one that nobody refers to', { contained: [{ resourceType: 'Patient', id: 'p' }] }, [['invariant', 'DiagnosticReport']]],
    ['a reference to none that is contained', { subject: { reference: '#p' } }, [['invariant', 'DiagnosticReport.subject']]],
    [
      'a period that ends before it starts',
      { effectivePeriod: { start: '2026-02', end: '2026-01' } },
      [['invariant', 'DiagnosticReport.effective']],
    ],
    ['an id of other characters', { id: 'a_b' }, [['value', 'DiagnosticReport.id']]],
    ['an extension without URL', { extension: [{ valueString: 'x' }] }, [['required', 'DiagnosticReport.extension[0].url']]],
    [
      'an extension with value and extensions',
      { extension: [{ url: 'urn:x', valueString: 'x', extension: [{ url: 'urn:y', valueString: 'y' }] }] },
      [['invariant', 'DiagnosticReport.extension[0]']],
    ],
    [
      'a script in the narrative',
      { text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><script>x</script></div>' } },
      [['invariant', 'DiagnosticReport.text.div']],
    ],
    [
      'a link that runs',
      { text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><a href="javascript:x">x</a></div>' } },
      [['invariant', 'DiagnosticReport.text.div']],
    ],
  ])('%s is named with its place', (_, change, expected) => {
    expect(issuesOf({ ...REPORT, ...change })).toEqual(expected);
  });

  const withMarkup = (markup: string) =>
    issuesOf({ ...REPORT, text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${markup}x</div>` } });
  it.each([
    'a href="java&#9;script:x"',
    'a href="java&#10;script:x"',
    'a href="&#x0D;javascript:x"',
    'a href="JaVaScRiPt:x"',
    'a href="vbscript:x"',
    'a href="data:text/html,x"',
    'a href="data:image/svg+xml,x"',
    'a href="blob:x"',
    'a href="file:///x"',
    'q cite="javascript:x"',
    'p style="background:url(javascript:x)"',
    'p style="background:u/**/rl(http://x/y)"',
    'p style="background: URL( \'//x/y\' )"',
    'p style="background:url(data:text/html,x)"',
    'p style="background:url(tbl.png), url(http://x/y)"',
    'p style="background:url(https://x/y"',
    'p style="width:expression(x)"',
    'p style="background:\\75rl(x)"',
  ])('what runs or fetches something where it is shown is refused: <%s>', (tag) => {
    expect(withMarkup(`<${tag}>x</${tag.split(' ')[0]}>`)).toEqual([['invariant', 'DiagnosticReport.text.div']]);
  });
  it.each([
    'a href="http://x/y"',
    'a href="HTTPS://x/y"',
    'a href="mailto:a@b"',
    'a href="#part"',
    'a href="Patient/1"',
    'a href="a/b:c"',
    'a href="urn:oid:1.2"',
    'p style="color: red; position: relative"',
    'p style="background-image: url(tbl_bck11.png)"',
    'p style="background:url(data:image/png;base64,AA==)"',
    'p title="javascript: is a word here"',
  ])('what does nothing by itself is not: <%s>', (tag) => {
    expect(withMarkup(`<${tag}>x</${tag.split(' ')[0]}>`)).toEqual([]);
  });
  it('pictures are those of the narrative itself or of an address', () => {
    expect(withMarkup('<img src="data:image/png;base64,AA==" alt="x"/>')).toEqual([]);
    expect(withMarkup('<img src="data:image/svg+xml;base64,AA==" alt="x"/>')).toHaveLength(1);
  });

  it('all faults at once', () => {
    const faults = issuesOf({ ...REPORT, status: 'x', subject: { reference: 5 }, priority: 1 });
    expect(faults.map(([, expression]) => expression).sort()).toEqual([
      'DiagnosticReport.priority',
      'DiagnosticReport.status',
      'DiagnosticReport.subject.reference',
    ]);
  });

  it('a member that stands twice is named, of which JSON knows only the last', () => {
    const text = '{"resourceType":"Patient","name":[{"family":"A","family":"B"}],"active":true,"active":false}';
    expect(validateText(text).issues.map(({ expression }) => expression)).toEqual(['Patient.name[0].family', 'Patient.active']);
  });

  it.each(['', '{', '{"resourceType":"Patient",}', 'null x'])('what is no JSON is refused: %s', (text) => {
    expect(() => validateText(text)).toThrow(MalformedJson);
  });

  it.each([null, 5, [], 'Patient', {}, { resourceType: 'Resource' }, { resourceType: 'constructor' }, { resourceType: 5 }])(
    'what is no resource is named, and nothing breaks: %j',
    (given) => {
      expect(issuesOf(given).map(([code]) => code)).toEqual(['structure']);
    },
  );

  it('one that is deeper than any content, or longer than any list of faults, ends', () => {
    const levels = 20_000;
    const nested = `${'{"url":"urn:x","extension":['.repeat(levels)}{"url":"urn:x","valueString":"x"}${']}'.repeat(levels)}`;
    const text = JSON.stringify(REPORT).replace(/}$/, `,"extension":[${nested}]}`);
    expect(validateText(text).issues.map(({ words }) => words)).toContain('must not be deeper than 64 elements');
    expect(issuesOf({ ...REPORT, ...Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`x${i}`, 1])) }).length).toBe(200);
  });
});
