import { Kind, visit, type DocumentNode, type VariableDefinitionNode, type VariableNode } from 'graphql';

const LONGEST = 4_000;
const MOST_KNOWN = 200;
const TEXTS = /"[^"\\\n\r]*"/g;
/** The variables that stand for a query's texts. */
const VARIABLE = '__text';

/** A query without its texts: they are named by the place of their first like, and by their length, so that all places stay. */
interface Shape {
  readonly key: string;
  /** Each text once. */
  readonly texts: readonly string[];
  /** How many texts there are, repeated ones too. */
  readonly count: number;
}

/** Undefined where the texts can't be told at a glance. */
function shapeOf(schema: string, query: string): Shape | undefined {
  if (query.length > LONGEST || /[#\\]|"""/.test(query) || query.includes(VARIABLE)) return undefined;
  const texts: string[] = [];
  let count = 0;
  const bare = query.replace(TEXTS, (quoted) => {
    count += 1;
    const text = quoted.slice(1, -1);
    const place = texts.indexOf(text);
    return `"${place < 0 ? texts.push(text) - 1 : place}:${text.length}"`;
  });
  return { key: `${schema} ${bare}`, texts, count };
}

/** A document that is known, with the values of its variables that are texts of this query. */
export interface KnownQuery {
  readonly document: DocumentNode;
  readonly texts: Readonly<Record<string, string>>;
}

/**
 * Queries that were found valid. Apps ask the same few over and over, with other ids: those that differ in their texts alone are
 * one, whose texts are variables, and need neither be read nor validated again. What a text says decides nothing of validity, as the
 * scalars that take one take any; whether two are the same does (5.3.2, whether fields can be merged), and is part of the shape.
 */
export class KnownQueries {
  private readonly documents = new Map<string, DocumentNode>();

  find(schema: string, query: string): KnownQuery | undefined {
    const shape = shapeOf(schema, query);
    const document = shape && this.documents.get(shape.key);
    if (shape === undefined || document === undefined) return undefined;
    return { document, texts: Object.fromEntries(shape.texts.map((text, i) => [`${VARIABLE}${i}`, text])) };
  }

  /** The oldest makes room. */
  remember(schema: string, query: string, document: DocumentNode): void {
    const shape = shapeOf(schema, query);
    const template = shape && templateOf(document, shape);
    if (shape === undefined || template === undefined) return;
    const oldest = this.documents.keys().next();
    if (this.documents.size >= MOST_KNOWN && oldest.value !== undefined) this.documents.delete(oldest.value);
    this.documents.set(shape.key, template);
  }
}

/** The document with variables for its texts; undefined where one stands in a place that takes no variable (a default, a description). */
function templateOf(document: DocumentNode, { texts, count }: Shape): DocumentNode | undefined {
  const variable = (i: number): VariableNode => ({ kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: `${VARIABLE}${i}` } });
  const defined = texts.map((_text, i): VariableDefinitionNode => {
    return {
      kind: Kind.VARIABLE_DEFINITION,
      variable: variable(i),
      type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: 'String' } },
    };
  });
  let replaced = 0;
  const template = visit(document, {
    VariableDefinition: () => false,
    StringValue(node) {
      replaced += 1;
      return variable(texts.indexOf(node.value));
    },
    OperationDefinition: {
      leave: (node) => ({ ...node, variableDefinitions: [...(node.variableDefinitions ?? []), ...defined] }),
    },
  });
  return replaced === count ? template : undefined;
}
