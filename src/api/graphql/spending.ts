import {
  defaultFieldResolver,
  isIntrospectionType,
  isLeafType,
  isListType,
  getNamedType,
  getNullableType,
  isObjectType,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import type { MetaCount } from '../../records/graphql/counted-introspection.js';
import '../../records/graphql/counted-introspection.js';
import { breath } from './breath.js';
import { CallerGone } from '../turn-faults.js';
import { AnswerTooLarge, TookTooLong } from './faults.js';
import type { Leaving } from '../leaving.js';

/** Fields that an answer may have: some 15 MB, and a second of the server's time. */
const MOST_FIELDS = 150_000;
/** Characters of its texts. */
const MOST_TEXT = 8 * 2 ** 20;
const MOST_MS = 20_000;
/** Rows of lists, some ten milliseconds' work, after which others have their go. */
const ROWS_AT_ONCE = 1_000;
/** The clock is looked at with each so many fields. */
const LOOK_EVERY = 500;

/** What one answer has taken so far: lists within lists multiply, and by how much no query's text says. */
export class Spending implements MetaCount {
  /** That it was too much: nothing is given then. */
  over: AnswerTooLarge | CallerGone | TookTooLong | undefined;
  private fields = 0;
  private text = 0;
  private rows = 0;
  private readonly began = performance.now();

  constructor(private readonly leaving: Pick<Leaving, 'isGone'>) {}

  /** A field is answered. @throws AnswerTooLarge, TookTooLong, CallerGone, once and again: a million fields end as they begin */
  addField(): void {
    this.noteField();
    if (this.over !== undefined) throw this.over;
  }

  /** Rows of a list that are to be answered: now, or where there were many, when it is their go. */
  addRows<Rows>(rows: Rows): Rows | Promise<Rows> {
    if (!Array.isArray(rows) || (this.rows += rows.length) < ROWS_AT_ONCE) return rows;
    this.rows = 0;
    return breath().then(() => rows);
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
    else if (this.fields % LOOK_EVERY === 0) {
      if (performance.now() - this.began > MOST_MS) this.over ??= new TookTooLong();
      if (this.leaving.isGone()) this.over ??= new CallerGone();
    }
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
        if (isLeafType(getNamedType(field.type))) field.resolve = countedLeaf(resolve);
        else field.resolve = isListType(getNullableType(field.type)) ? countedList(resolve) : countedObject(resolve);
      }
  return schema;
}

const countedObject =
  (resolve: Resolver): Resolver =>
  (source, given, context, info) => {
    context.spending.addField();
    return resolve(source, given, context, info);
  };

const countedList = (resolve: Resolver): Resolver => {
  const object = countedObject(resolve);
  return (source, given, context, info) => {
    const rows = object(source, given, context, info);
    return rows instanceof Promise ? rows.then((all) => context.spending.addRows(all)) : rows;
  };
};

const countedLeaf =
  (resolve: Resolver): Resolver =>
  (source, given, context, info) => {
    context.spending.addField();
    return context.spending.addText(resolve(source, given, context, info));
  };
