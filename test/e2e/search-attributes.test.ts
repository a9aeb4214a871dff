import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tagOf } from '../../src/dicom/data-dictionary.js';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { aChestXray, newUid } from './instances.js';
import { Wetread } from './wetread.js';

const study = newUid();
const text = (vr: string, value: string) => ({ vr, Value: [value] });
const request = (accession: string, step: string, code: string): DicomJson => ({
  '00080050': text('SH', accession),
  '00321060': text('LO', 'Chest'),
  '00400008': { vr: 'SQ', Value: [{ '00080100': text('SH', code) }] },
  '00400009': text('SH', step),
  '00401001': text('SH', 'RP1'),
});
const requested = aChestXray({
  StudyInstanceUID: study,
  PatientID: 'R-1',
  RequestAttributesSequence: [request('ACC-1', 'SPS-1', 'C1'), request('ACC-2', 'SPS-2', 'C2')],
});
const ofVendor = aChestXray({
  PatientID: 'V-1',
  PatientComments: 'seen',
  '00090010': 'OTHER VENDOR',
  '00090011': 'ACME 1.0',
  '00091002': 'theirs',
  '00091102': 'ours',
});
const unlike = aChestXray({ StudyInstanceUID: study, PatientID: 'R-1', Modality: 'MR', '00090010': 'ACME 1.0', '00091002': 'also ours' });

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  const { status } = await wetread.store(...[requested, ofVendor, unlike].map(({ bytes }) => bytes));
  if (status !== 200) throw new Error(`the instances to search were not stored: ${status}`);
});
afterAll(() => wetread.remove());

const find = (path: string): Promise<DicomJson[]> => wetread.json<DicomJson[]>(`/dicom-web/${path}`, 'application/dicom+json');
const at = (keyword: string): string => tagOf(keyword) ?? keyword;
const instanceUids = (found: readonly DicomJson[]): unknown[] => found.map((one) => one[at('SOPInstanceUID')]?.Value?.[0]);

describe('Keys in sequences (PS3.4 C.2.2.2.6)', () => {
  it.each<[string, number]>([
    ['RequestAttributesSequence.AccessionNumber=ACC-2', 1],
    ['00400275.00080050=ACC-2', 1],
    ['RequestAttributesSequence.AccessionNumber=ACC-3', 0],
    ['RequestAttributesSequence.AccessionNumber=ACC-*', 1],
    ['RequestAttributesSequence.AccessionNumber=ACC-1&RequestAttributesSequence.ScheduledProcedureStepID=SPS-1', 1],
    ['RequestAttributesSequence.AccessionNumber=ACC-1&RequestAttributesSequence.ScheduledProcedureStepID=SPS-2', 0],
    ['RequestAttributesSequence.ScheduledProtocolCodeSequence.CodeValue=C2', 1],
    ['00400275.00400008.00080100=C9', 0],
    ['RequestAttributesSequence.AccessionNumber=', 3],
  ])('%s finds %i of three series: all keys in one item', async (query, count) => {
    expect(await find(`series?${query}`)).toHaveLength(count);
  });

  it('give the sequence back', async () => {
    const [found] = await find('series?RequestAttributesSequence.AccessionNumber=ACC-2');
    expect(found[at('RequestAttributesSequence')].Value).toHaveLength(2);
  });
});

describe('Private attributes (PS3.18 8.3.4.1; PS3.5 7.8.1)', () => {
  it('are matched in the block their creator has in each instance', async () => {
    expect(instanceUids(await find('instances?00091002=ours&00090010=ACME%201.0'))).toEqual([ofVendor.sopInstanceUID]);
    const both = instanceUids(await find('instances?00091002=*ours&00090010=ACME%201.0'));
    expect(new Set(both)).toEqual(new Set([ofVendor.sopInstanceUID, unlike.sopInstanceUID]));
    expect(instanceUids(await find('instances?00091002=theirs&00090010=ACME%201.0'))).toEqual([]);
    expect(instanceUids(await find('instances?00090010=OTHER%20VENDOR'))).toEqual([ofVendor.sopInstanceUID]);
  });

  it('are matched as they stand where no creator is named', async () => {
    expect(instanceUids(await find('instances?00091002=theirs'))).toEqual([ofVendor.sopInstanceUID]);
  });

  it('are included together with their creator', async () => {
    const [found] = await find('instances?includefield=00091002&00090010=ACME%201.0&PatientID=V-1');
    expect([found['00090011'], found['00091102'], found['00091002']]).toEqual([text('LO', 'ACME 1.0'), text('LO', 'ours'), undefined]);
    const [plain] = await find('instances?includefield=00091002&PatientID=V-1');
    expect([plain['00090010'], plain['00091002']]).toEqual([expect.anything(), expect.anything()]);
  });
});

describe('What a match tells (PS3.18 10.6.3.3)', () => {
  it('is in the order of its tags, at every level and with included attributes (F.2.2)', async () => {
    const included = 'instances?includefield=all&PatientID=V-1'; // it has no sequences, whose items have tags of their own
    for (const path of ['studies', 'series?Modality=MR', 'instances?PatientID=V-1', `studies/${study}/series?Modality=MR`, included]) {
      const body = await (await wetread.fetch(`/dicom-web/${path}`)).text();
      for (const match of body.split(/(?="00080005":)/).slice(1)) {
        const tags = [...match.matchAll(/"([0-9A-F]{8})":\{"vr"/g)].map(([, tag]) => tag);
        expect(tags.length).toBeGreaterThan(8);
        if (!match.includes('"00400275"')) expect({ path, tags }).toEqual({ path, tags: [...tags].sort() });
      }
    }
  });

  it('belongs to the study beside a series of all series, and to both beside an instance of all instances', async () => {
    const [series] = await find('series?PatientID=R-1');
    expect(Object.keys(series)).toEqual(
      expect.arrayContaining(['PatientID', 'ModalitiesInStudy', 'NumberOfStudyRelatedInstances', 'StudyDate'].map(at)),
    );
    const [instance] = await find('instances?PatientID=R-1');
    expect(instance[at('NumberOfStudyRelatedInstances')]).toEqual({ vr: 'IS', Value: [2] });
    expect(instance[at('NumberOfSeriesRelatedInstances')]).toEqual({ vr: 'IS', Value: [1] });
    expect(instance[at('ModalitiesInStudy')]).toEqual({ vr: 'CS', Value: ['DX', 'MR'] });
  });

  it('is of the series beside an instance of a study, and of the instance alone within a series', async () => {
    const [ofStudy] = await find(`studies/${study}/instances`);
    expect([ofStudy[at('Modality')], ofStudy[at('PatientID')]]).toEqual([{ vr: 'CS', Value: ['DX'] }, undefined]);
    const [ofSeries] = await find(`studies/${study}/series/${requested.seriesInstanceUID}/instances`);
    expect([ofSeries[at('Modality')], ofSeries[at('SOPInstanceUID')]]).toEqual([
      undefined,
      { vr: 'UI', Value: [requested.sopInstanceUID] },
    ]);
  });

  it('names the transfer syntax an instance is stored in, and that it is online', async () => {
    const [found] = await find(`instances?SOPInstanceUID=${unlike.sopInstanceUID}`);
    expect(found[at('AvailableTransferSyntaxUID')]).toEqual({ vr: 'UI', Value: ['1.2.840.10008.1.2.1'] });
    expect(found[at('InstanceAvailability')]).toEqual({ vr: 'CS', Value: ['ONLINE'] });
    expect(found[at('SpecificCharacterSet')]).toEqual({ vr: 'CS', Value: ['ISO_IR 192'] });
  });

  it('has the study’s attributes by includefield beside a series of one study', async () => {
    const [found] = await find(`studies/${study}/series?includefield=PatientID&Modality=MR`);
    expect(found[at('PatientID')]).toEqual({ vr: 'LO', Value: ['R-1'] });
  });

  it('has a whole sequence by includefield', async () => {
    const [found] = await find(`studies/${study}/series?includefield=RequestAttributesSequence&Modality=DX`);
    expect((found[at('RequestAttributesSequence')].Value as DicomJson[])[0]['00321060']).toEqual(text('LO', 'Chest'));
  });

  it('leaves out attributes of a lower level, whoever includes them (10.6.3.3.1)', async () => {
    const [found] = await find('studies?PatientID=V-1&includefield=Rows,PatientComments');
    expect([found[at('Rows')], found[at('PatientComments')]]).toEqual([undefined, { vr: 'LT', Value: ['seen'] }]);
  });

  it('follows the accept parameter before the header (8.3.3.1)', async () => {
    const answer = await wetread.fetch('/dicom-web/studies?accept=application/dicom%2Bjson', { headers: { accept: 'image/png' } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^application\/dicom\+json/)]);
  });
});
