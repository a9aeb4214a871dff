import { expect } from '@jest/globals';
import { aWorkitem } from './a-workitem.js';
import { ask, MINIMAL } from './compared-answers.js';
import { newUid } from './instances.js';
import { eventually, type Wetread } from './wetread.js';

/** Ids of things of each kind of a patient's whose study is there, by their type, and of an export of all. @param all  headers of who may write */
export async function thingsOf(wetread: Wetread, patient: string, all: Record<string, string>): Promise<Map<string, string>> {
  const subject = { reference: `Patient/${patient}` };
  const theirs = new Map([['Patient', patient]]);
  for (const [type, more] of Object.entries({
    ...MINIMAL,
    Subscription: {
      status: 'requested',
      reason: 'x',
      criteria: `Observation?subject=${subject.reference}`,
      channel: { type: 'websocket' },
    },
  })) {
    const answer = await wetread.fetch(`/fhir/${type}`, {
      method: 'POST',
      headers: { ...all, 'content-type': 'application/fhir+json' },
      body: JSON.stringify({
        resourceType: type,
        ...more,
        ...(type === 'Binary' ? { securityContext: subject } : type !== 'Subscription' && { subject }),
      }),
    });
    expect([type, answer.status]).toEqual([type, 201]);
    theirs.set(type, ((await answer.json()) as { id: string }).id);
  }
  const idIn = async (search: string): Promise<string> =>
    eventually(async () => {
      const { entry } = (await (await ask(wetread, `/fhir/${search}`, 'GET', all)).json()) as { entry?: { resource: { id: string } }[] };
      return entry?.[0]?.resource.id;
    }, search);
  for (const type of ['ImagingStudy', 'DiagnosticReport', 'AuditEvent'])
    theirs.set(type, await idIn(`${type}?patient=${patient}&_count=1`));
  const workitem = newUid();
  await wetread.fetch(`/dicom-web/workitems?workitem=${workitem}`, {
    method: 'POST',
    headers: { ...all, 'content-type': 'application/dicom+json' },
    body: JSON.stringify([aWorkitem()]),
  });
  theirs.set('Task', workitem);
  const begun = await ask(wetread, '/fhir/$export', 'GET', all);
  theirs.set('job', begun.headers.get('content-location')?.split('/').at(-1) ?? '');
  return theirs;
}

/** And of what the first organisation administers: an account, a client, itself. */
export async function administeredOf(wetread: Wetread, theirs: Map<string, string>, administrator: Record<string, string>): Promise<void> {
  const made = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const headers = { ...administrator, 'content-type': 'application/json' };
    const answer = await wetread.fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
    expect([path, answer.status]).toEqual([path, 201]);
    return (await answer.json()) as Record<string, unknown>;
  };
  const account = await made('/access/accounts', {
    username: 'somebody',
    name: 'Somebody',
    password: 'a pass phrase of five words',
    roles: ['reviewer'],
  });
  const client = await made('/access/clients', { name: 'An app', scope: 'openid user/*.rs', redirectUris: ['https://app.example/back'] });
  theirs.set('account', String(account['id'])).set('client', String(client['clientId'])).set('organisation', '1');
}

/** A route's address with what stands for its parameters. */
export const addressOf = (route: string, values: Readonly<Record<string, string>>): string =>
  route
    .replace(/:([a-zA-Z]+)/g, (_, name: string) => values[name] ?? newUid())
    .replace(/\*$/, '7FE00010')
    .replace(
      '/wado',
      `/wado?requestType=WADO&studyUID=${values['study'] ?? newUid()}&seriesUID=${values['series'] ?? newUid()}&objectUID=${values['instance'] ?? newUid()}`,
    );
