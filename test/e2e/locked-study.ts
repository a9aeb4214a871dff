import { expect } from '@jest/globals';
import type { Protocol } from '../../src/evidence/studies/protocol.js';
import { anIntendedUse, aProtocol, Cast, type Answer, type Person } from './a-study.js';
import { CHEST, datasetBody, madeDataset, noise, type DatasetMade } from './chest-study.js';
import { aChestXray, type TestInstance } from './instances.js';
import { eventually, type Wetread } from './wetread.js';

/** A locked study of a server's only chests, with two readers; who does what in it. */
export class LockedStudy {
  private constructor(
    readonly id: string,
    readonly cast: Cast,
    readonly people: Readonly<Record<'lead' | 'investigator' | 'statistician' | 'regulatory' | 'manager' | 'one' | 'two', Person>>,
    readonly dataset: DatasetMade,
    readonly chests: readonly TestInstance[],
  ) {}

  /** @param cases  that are stored before  @param said  of its protocol  @param ofData  of its dataset */
  static async at(wetread: Wetread, cases: number, said: Partial<Protocol> = {}, ofData: object = {}): Promise<LockedStudy> {
    const cast = await Cast.of(wetread);
    const members = ['investigator', 'statistician', 'manager', 'one', 'two'] as const;
    const made = await Promise.all(members.map(async (name) => [name, await cast.person(`Member ${name}`, 'study-member')] as const));
    const [lead, regulatory] = [await cast.person('Lena Lead', 'validation-lead'), await cast.person('Rita Regulatory', 'regulatory')];
    const people = { lead, regulatory, ...(Object.fromEntries(made) as Record<(typeof members)[number], Person>) }; // one of each
    const chests = Array.from({ length: cases }, () =>
      aChestXray({ Rows: 64, Columns: 64, InstitutionName: 'St. Elsewhere' }, { pixelData: noise(64 * 64) }),
    );
    if (cases > 0) await wetread.storeAs((await cast.person('Rad Iologist', 'radiologist')).headers, ...chests.map(({ bytes }) => bytes));
    const dataset = await madeDataset(cast, lead, datasetBody(ofData));
    const { body } = await cast.ask<{ id: string }>(lead, 'POST', '/evidence/studies', { title: 'Chest' });
    const study = new LockedStudy(body.id, cast, people, dataset, chests);
    await study.lock(said);
    return study;
  }

  at(path = ''): string {
    return `/evidence/studies/${this.id}${path}`;
  }

  step(person: Person, state: string): Promise<Answer<object>> {
    return this.cast.ask(person, 'POST', this.at('/steps'), { state, reason: 'as planned' });
  }

  /** Every other case has the disease; then it runs. */
  async begin(): Promise<void> {
    const { people, cast } = this;
    const keys = Array.from({ length: this.dataset.cases }, (_, i) => `C${String(i + 1).padStart(4, '0')}`);
    const csv = `case_id,label,method\n${keys.map((key, i) => `${key},${i % 2},follow-up`).join('\n')}\n`;
    expect(await cast.ask(people.manager, 'POST', this.at('/labels/import'), csv)).toMatchObject({ status: 201 });
    expect(await cast.ask(people.manager, 'POST', this.at('/reference'))).toMatchObject({ status: 201 });
    expect(await this.step(people.investigator, 'running')).toMatchObject({ status: 201 });
  }

  /** Has the model read all cases. */
  async runModel(): Promise<void> {
    expect(await this.cast.ask(this.people.manager, 'POST', this.at('/run'))).toMatchObject({ status: 202 });
    await eventually(async () => {
      const { body } = await this.cast.ask<{ progress: { done: number } }>(this.people.lead, 'GET', this.at('/run'));
      return body.progress.done === this.dataset.cases || undefined;
    }, 'a run');
  }

  private async lock(said: Partial<Protocol>): Promise<void> {
    const { people, cast } = this;
    const done = async (person: Person, path: string, body: object) => {
      const answer = await cast.ask<{ id: string; version: number; sha256: string }>(person, 'POST', path, body);
      expect([path, answer.status, answer.body]).toEqual([path, 201, answer.body]);
      return answer.body;
    };
    await done(people.regulatory, '/evidence/records/model-card', { content: { name: CHEST.name, version: CHEST.version } });
    const records = '/evidence/records/intended-use';
    const { id, version, sha256 } = await done(people.regulatory, records, { content: anIntendedUse() });
    const { password } = people.regulatory;
    await done(people.regulatory, `${records}/${id}/versions/1/signatures`, { recordSha256: sha256, meaning: 'responsibility', password });
    const parts = { investigator: 'investigator', statistician: 'statistician', regulatory: 'regulatory', manager: 'data-manager', one: 'reader', two: 'reader' }; // prettier-ignore
    for (const [name, role] of Object.entries(parts) as [keyof typeof parts, string][])
      await done(people.lead, this.at('/members'), { person: people[name].id, role, qualification: '', simulated: role === 'reader' });
    const dataset = { id: this.dataset.id, manifestSha256: this.dataset.manifestSha256 };
    const population = { description: 'Chests', inclusion: ['frontal'], exclusion: [], dataset };
    const protocol = aProtocol({ model: CHEST, intendedUse: { id, version, sha256 }, population, ...said });
    const written = await done(people.lead, this.at('/protocols'), { protocol, kind: 'protocol', reason: 'first' });
    for (const person of [people.investigator, people.statistician, people.regulatory]) {
      const what = { entityType: 'protocol', version: 1, recordSha256: written.sha256, meaning: 'approval' };
      await done(person, this.at('/signatures'), { ...what, password: person.password });
    }
    const locked = await this.step(people.investigator, 'locked');
    expect([locked.status, locked.body.code]).toEqual([201, undefined]);
  }
}
