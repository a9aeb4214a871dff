import {
  defaultFieldResolver,
  isIntrospectionType,
  isLeafType,
  getNamedType,
  isObjectType,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import type { MetaCount } from '../../records/graphql/counted-introspection.js';
import '../../records/graphql/counted-introspection.js';
import { AnswerTooLarge, TookTooLong } from './faults.js';

/** Fields that an answer may have: some 15 MB, and a second of the server's time. */
const MOST_FIELDS = 150_000;
/** Characters of its texts. */
const MOST_TEXT = 8 * 2 ** 20;
const MOST_MS = 20_000;
/** The clock is looked at with each so many fields. */
const LOOK_EVERY = 500;

/** What one answer has taken so far: lists within lists multiply, and by how much no query's text says. */
export class Spending implements MetaCount {
  /** That it was too much: nothing is given then. */
  over: AnswerTooLarge | TookTooLong | undefined;
  private fields = 0;
  private text = 0;
  private readonly began = performance.now();

  /** A field is answered. @throws AnswerTooLarge, TookTooLong, once and again: a million fields end as they begin */
  addField(): void {
    this.noteField();
    if (this.over !== undefined) throw this.over;
  }

  /** @throws AnswerTooLarge */
  addText(value: unknown): unknown {
    this.noteText(value);
    if (this.over !== undefined) throw this.over;
    return value;
  }

  /** Of what the schema says of itself. */
  takesMeta(value: unknown): boolean {
    this.noteField();
    this.noteText(value);
    return this.over === undefined;
  }

  private noteField(): void {
    this.fields += 1;
    if (this.fields > MOST_FIELDS) this.over ??= new AnswerTooLarge();
    else if (this.fields % LOOK_EVERY === 0 && performance.now() - this.began > MOST_MS) this.over ??= new TookTooLong();
  }

  private noteText(value: unknown): void {
    if (typeof value === 'string' && (this.text += value.length) > MOST_TEXT) this.over ??= new AnswerTooLarge();
  }
}

type Resolver = GraphQLFieldResolver<unknown, { readonly spending: Spending }>;

/** The schema with each field counted: whatever leads to it. */
export function counted(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap()))
    if (isObjectType(type) && !isIntrospectionType(type))
      for (const field of Object.values(type.getFields())) {
        const resolve = (field.resolve ?? defaultFieldResolver) as Resolver;
        field.resolve = isLeafType(getNamedType(field.type)) ? countedLeaf(resolve) : countedObject(resolve);
      }
  return schema;
}

const countedObject =
  (resolve: Resolver): Resolver =>
  (source, given, context, info) => {
    context.spending.addField();
    return resolve(source, given, context, info);
  };

const countedLeaf =
  (resolve: Resolver): Resolver =>
  (source, given, context, info) => {
    context.spending.addField();
    return context.spending.addText(resolve(source, given, context, info));
  };
