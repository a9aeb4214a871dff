import { grantOf, type Interaction } from '../../access/grant.js';
import { operationOf } from '../../access/operation-scopes.js';
import type { Operation } from '../../access/roles.js';

const OTHERS: Readonly<Record<string, string>> = {
  openid: 'Know that it is you who logs in',
  fhirUser: 'Know who you are in the medical record',
  profile: 'Know your name',
  launch: 'Know which patient or study you opened it for',
  'launch/patient': 'Know which patient it is about',
  'launch/encounter': 'Know which visit it is about',
  offline_access: 'Go on with this for 30 days, also while you are away',
  online_access: 'Go on with this as long as you are logged in',
};

/** Where your roles permit it, is always meant. */
const OPERATION_WORDS: Readonly<Record<Operation, string>> = {
  'archive.delete': 'Delete studies from the archive',
  'archive.edit': 'Correct what is written with images',
  'report.review': 'Accept, amend or reject reports in your name',
  'reading.request': 'Ask for a study to be read by the models',
  'model.manage': 'Bring and manage models',
  'evidence.plan': 'Plan and run validation studies',
  'evidence.regulate': 'Write the regulatory file: devices, intended uses, classification decisions',
  'evidence.take-part': 'Take your part in validation studies: read, label, sign',
  'evidence.look': 'See validation studies and the regulatory file',
  'evidence.export': 'Export the evidence of validation studies',
  'server.observe': 'See how the server does',
  'accounts.manage': 'Manage accounts, apps and organisations',
  'access.break-glass': 'In an emergency look past whom and what you opened it for, which goes on record',
};

const VERBS: readonly (readonly [Interaction, string])[] = [
  ['r', 'read'],
  ['s', 'search'],
  ['c', 'create'],
  ['u', 'change'],
  ['d', 'delete'],
];

/** What a scope lets an app do, for the person who is asked. */
export function scopeWords(scope: string): string {
  const grant = grantOf(scope);
  if (grant === undefined) return OTHERS[scope] ?? operationWords(scope) ?? scope;
  const { context, type, interactions, query } = grant;
  const verbs = VERBS.filter(([letter]) => interactions.has(letter)).map(([, verb]) => verb);
  const what = type === '*' ? 'everything' : type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');
  const whose = context === 'patient' ? 'of this patient' : 'that you may see yourself';
  return `${capital(listed(verbs))}: ${what} ${whose}${query === undefined ? '' : `, where ${query.replaceAll('&', ' and ')}`}`;
}

const operationWords = (scope: string): string | undefined => {
  const operation = operationOf(scope);
  return operation && OPERATION_WORDS[operation];
};

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
