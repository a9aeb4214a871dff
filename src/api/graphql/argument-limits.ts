import {
  defaultFieldResolver,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  isScalarType,
  type GraphQLFieldResolver,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { BadGraphArgument } from './faults.js';

/** Characters of a text that the table does not name. */
const TEXT = 200;
/** Of UIDs (PS3.5 9.1), FHIR ids (R4 datatypes.html#id), codes, and what DICOM keeps as LO. */
const CODE = 64;
/** Of ids and cursors, which are opaque. */
const OPAQUE = 400;
/** Of what people write. */
const PROSE = 10_000;
/** Of a password, as the issuer takes it. */
const PASSWORD = 256;
/** Of ids of nodes: one that is too long is none, and is looked at no further. */
const UNREAD = Number.MAX_SAFE_INTEGER;
/** Of what comes in base64, or is a file: as much as a request holds. */
const FILE = Infinity;

/** Characters of texts by the name of the argument or member; `type.member` where the name is another's too. */
const CHARACTERS: Readonly<Record<string, number>> = {
  accessionNumber: CODE,
  after: OPAQUE,
  before: OPAQUE,
  caseKey: CODE,
  code: CODE,
  id: OPAQUE,
  modality: CODE,
  password: PASSWORD,
  patientID: CODE,
  performer: CODE,
  reportId: CODE,
  scheme: CODE,
  studyInstanceUID: CODE,
  transactionUID: CODE,
  uploadId: CODE,
  workitemId: OPAQUE,
  'node.id': UNREAD,
  'nodes.ids': UNREAD,
  'AddRegulatoryRecordInput.content': FILE,
  'AddRegulatoryRecordInput.reason': PROSE,
  'AddStudyMemberInput.person': OPAQUE,
  'AddStudyMemberInput.qualification': PROSE,
  'AnalyseStudyInput.plan': FILE,
  'AnnotateStudyInput.text': PROSE,
  'BeginDatasetInput.dataset': FILE,
  'CreateValidationStudyInput.title': PROSE,
  'ImportLabelsInput.csv': FILE,
  'LabelCaseInput.method': PROSE,
  'ReviewReportInput.conclusion': PROSE,
  'ReviewReportInput.organization': CODE,
  'ReviewReportInput.reason': PROSE,
  'SubmitReadingInput.reason': PROSE,
  'TakeStudyStepInput.reason': PROSE,
  'UploadModelInput.card': FILE,
  'UploadModelInput.onnx': FILE,
  'UploadModelPartInput.data': FILE,
  'WriteProtocolInput.protocol': FILE,
  'WriteProtocolInput.reason': PROSE,
};
/** Things in a list that is not one of an enum's values. */
const THINGS = 100;

/** The one argument of a mutation: its members are known by their own names. */
const INPUT = 'input';

type Check = (value: unknown, name: string) => void;

/** What a value of a type may be. @param key  of the argument or member. @param owner  the field or type that it stands in */
function checkOf(type: GraphQLInputType, owner: string, key: string): Check | undefined {
  const bare = getNullableType(type);
  if (isListType(bare)) return ofList(bare.ofType, owner, key);
  if (isScalarType(bare)) return ofText(CHARACTERS[`${owner}.${key}`] ?? CHARACTERS[key] ?? TEXT);
  if (!isInputObjectType(bare)) return undefined;
  const members = Object.values(bare.getFields()).map((one) => [one.name, checkOf(one.type, bare.name, one.name)] as const);
  return (value, name) => {
    if (typeof value !== 'object' || value === null) return;
    const above = name === INPUT ? '' : `${name}.`;
    for (const [member, check] of members) check?.((value as Record<string, unknown>)[member], `${above}${member}`);
  };
}

function ofList(type: GraphQLInputType, owner: string, key: string): Check {
  const named = getNullableType(type);
  const most = isEnumType(named) ? named.getValues().length : THINGS;
  const each = checkOf(type, owner, key);
  return (value, name) => {
    if (!Array.isArray(value)) return;
    if (value.length > most) throw new BadGraphArgument(name, `must be ${most} at most`);
    for (const one of value) each?.(one, name);
  };
}

const ofText =
  (most: number): Check =>
  (value, name) => {
    if (typeof value !== 'string') return;
    if (value.length > most) throw new BadGraphArgument(name, `must have ${most} characters at most`);
    // No text that is stored has a zero byte, and SQL takes none.
    if (most !== UNREAD && value.includes('\0')) throw new BadGraphArgument(name, 'has a character that no value has');
  };

/**
 * The schema with each argument held to a size, before anything is done with it: what is asked for is looked for, and kept on record.
 * Fields throw BadGraphArgument.
 */
export function bounded(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType))
    for (const field of Object.values(type.getFields())) {
      if (field.args.length === 0) continue;
      const checks = field.args.map((one) => [one.name, checkOf(one.type, field.name, one.name)] as const);
      const behind =
        (resolve: GraphQLFieldResolver<unknown, unknown>): GraphQLFieldResolver<unknown, unknown> =>
        (source, given, context, info) => {
          for (const [name, check] of checks) check?.((given as Record<string, unknown>)[name], name);
          return resolve(source, given, context, info);
        };
      if (field.subscribe) field.subscribe = behind(field.subscribe);
      else field.resolve = behind(field.resolve ?? defaultFieldResolver);
    }
  return schema;
}
