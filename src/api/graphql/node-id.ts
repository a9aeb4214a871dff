/** What can be asked for by its id alone (Relay, Global Object Identification). */
export const NODE_TYPES = ['Study', 'Series', 'Instance', 'Report', 'Finding', 'Reading', 'Model', 'Workitem'] as const;
export type NodeType = (typeof NODE_TYPES)[number];

export interface NodeKey {
  readonly type: NodeType;
  /** What the type is known by within this server: UIDs, a place, a name and version. None has a slash. */
  readonly parts: readonly string[];
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LONGEST = 400;

/** The id of a thing among all things. What it is made of is this server's affair: clients hand it back as it is. */
export const globalId = (type: Exclude<NodeType, 'Report'>, ...parts: readonly (string | number)[]): string =>
  Buffer.from(`${type}:${parts.join('/')}`).toString('base64url');

/** What an id was made of; undefined where it is none. A report's is the UUID that FHIR knows it by. */
export function nodeKey(id: string): NodeKey | undefined {
  if (UUID.test(id)) return { type: 'Report', parts: [id] };
  if (id.length > LONGEST || !/^[\w-]+$/.test(id)) return undefined;
  const [, name, rest] = /^([A-Za-z]+):([\x21-\x7e]+)$/.exec(Buffer.from(id, 'base64url').toString()) ?? [];
  const type = NODE_TYPES.find((one) => one === name && one !== 'Report');
  return type === undefined ? undefined : { type, parts: rest.split('/') };
}
