import { derivedUid } from '../src/dicom/derived-uid.js';
import { tag, type DicomJson } from '../src/dicom/dicom-json.js';
import { writePart10 } from '../src/dicom/part10-writer.js';
import { phantom } from '../src/demo/phantom.js';

/** Chest phantoms that differ in their UIDs only: the picture is drawn once, so that making them costs little. */
export class PhantomSeries {
  private readonly drawn: { dataset: DicomJson; pixelData: Uint8Array };

  constructor(
    private readonly seed: string,
    edge: number,
  ) {
    this.drawn = phantom({
      opacity: true,
      photometricInterpretation: 'MONOCHROME2',
      seed: 1,
      studyDateTime: new Date('2026-01-01T08:00:00Z'),
      rows: edge,
      columns: edge,
    });
  }

  studyInstanceUID(study: number): string {
    return derivedUid(this.seed, String(study));
  }

  sopInstanceUID(study: number, instance: number): string {
    return derivedUid(this.seed, String(study), 'instance', String(instance));
  }

  part10(study: number, instance: number): Buffer {
    const ui = (value: string) => ({ vr: 'UI', Value: [value] });
    const dataset: DicomJson = {
      ...this.drawn.dataset,
      [tag(0x0020, 0x000d)]: ui(this.studyInstanceUID(study)),
      [tag(0x0020, 0x000e)]: ui(derivedUid(this.seed, String(study), 'series')),
      [tag(0x0008, 0x0018)]: ui(this.sopInstanceUID(study, instance)),
      [tag(0x0020, 0x0013)]: { vr: 'IS', Value: [instance + 1] },
      [tag(0x0010, 0x0020)]: { vr: 'LO', Value: [`${this.seed.slice(0, 20)}-${study}`] },
    };
    return writePart10(dataset, { pixelData: this.drawn.pixelData });
  }
}
