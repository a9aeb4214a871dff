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

/** How many parts the ids of a type are made of. */
const PARTS: Readonly<Record<NodeType, number>> = {
  Study: 1,
  Series: 2,
  Instance: 2,
  Report: 1,
  Finding: 2,
  Reading: 2,
  Model: 2,
  Workitem: 1,
};

/** The id of a thing among all things. What it is made of is this server's affair: clients hand it back as it is. */
export const globalId = (type: Exclude<NodeType, 'Report'>, ...parts: readonly (string | number)[]): string =>
  Buffer.from(`${type}:${parts.join('/')}`).toString('base64url');

/** What an id was made of; undefined where it is none, or not the one that globalId gives. A report's is the UUID that FHIR knows it by. */
export function nodeKey(id: string): NodeKey | undefined {
  if (UUID.test(id)) return { type: 'Report', parts: [id] };
  if (id.length > LONGEST || !/^[\w-]+$/.test(id)) return undefined;
  const [, name, rest] = /^([A-Za-z]+):([\x21-\x7e]+)$/.exec(Buffer.from(id, 'base64url').toString()) ?? [];
  const type = NODE_TYPES.find((one): one is Exclude<NodeType, 'Report'> => one === name && one !== 'Report');
  if (type === undefined) return undefined;
  const parts = rest.split('/');
  const isWhole = parts.length === PARTS[type] && parts.every((part) => part !== '') && globalId(type, ...parts) === id;
  return isWhole ? { type, parts } : undefined;
}
