import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { NoSingleton } from './faults.js';
import { has } from './graph-directives.js';

type Answer = Record<string, unknown>;

/** Nothing stands for what is absent in FHIR; GraphQL says null. Of what a list has at a place, the place stays. */
export function withoutNulls(answer: Answer): Answer {
  for (const [name, value] of Object.entries(answer)) {
    if (value === null || value === undefined) delete answer[name];
    else strip(value);
  }
  return answer;
}

function strip(value: unknown): void {
  if (Array.isArray(value)) for (const one of value) strip(one);
  // What is frozen is a number with its digits (exactJson).
  else if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) withoutNulls(value as Answer);
}

/** Whether a document asks for another form of the answer than that of the query. */
export const reshapes = (text: string): boolean => /@(?:flatten|first|singleton|slice)\b/.test(text);

/** The values that go by one name: lists that are flattened bring several. */
interface Slot {
  readonly values: unknown[];
  readonly form: 'one' | 'list' | 'any';
}

/** How the values of an element's members are told apart, and whether they are of a list. */
interface Flattened {
  readonly isList: boolean;
  readonly suffix: string;
}

const NOT_FLATTENED: Flattened = { isList: false, suffix: '' };

/**
 * The answer as its directives say (R4 graphql.html, "Flattening the output"): @flatten, @first, @singleton, @slice. What is absent
 * is left out.
 */
export class Reshape {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(
    document: DocumentNode,
    /** What @slice said of each element of a list, by its place in the answer. */
    private readonly slices: ReadonlyMap<string, readonly string[]>,
  ) {
    const defined = document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
    this.fragments = new Map(defined.map((one) => [one.name.value, one]));
  }

  /** @throws NoSingleton */
  answer({ selectionSet }: OperationDefinitionNode, data: Answer): Answer {
    return this.object([selectionSet], data, '');
  }

  private object(sets: readonly SelectionSetNode[], data: Answer, path: string): Answer {
    const slots = new Map<string, Slot>();
    this.gather(slots, sets, data, path, NOT_FLATTENED);
    return Object.fromEntries([...slots].map(([name, slot]) => [name, valueOf(slot)]));
  }

  private gather(
    slots: Map<string, Slot>,
    sets: readonly SelectionSetNode[],
    data: Answer,
    path: string,
    { isList, suffix }: Flattened,
  ): void {
    for (const [key, nodes] of this.fields(sets)) {
      const value = data[key];
      if (value === undefined || value === null) continue;
      const [node] = nodes;
      const place = `${path}/${key}`;
      const below = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      const isFirst = has(node, 'first');
      const isMany = Array.isArray(value) && !isFirst;
      const all: readonly unknown[] = Array.isArray(value) ? value : [value];
      const form = has(node, 'singleton') ? 'one' : isMany || isList ? 'list' : 'any';
      for (const [i, one] of (isFirst ? all.slice(0, 1) : all).entries()) {
        if (one === null || one === undefined) continue;
        const slice = this.slices.get(place)?.[i];
        const own = slice === undefined ? suffix : `${suffix}.${slice}`;
        const at = Array.isArray(value) ? `${place}/${i}` : place;
        if (below.length > 0 && has(node, 'flatten'))
          this.gather(slots, below, one as Answer, at, { isList: isList || isMany, suffix: own });
        else slotOf(slots, key + own, form).values.push(below.length > 0 ? this.object(below, one as Answer, at) : one);
      }
    }
  }

  /** The fields by the names that they answer to; what the type of an object left out is not in the data. */
  private fields(sets: readonly SelectionSetNode[], found = new Map<string, FieldNode[]>()): Map<string, FieldNode[]> {
    for (const { selections } of sets)
      for (const one of selections)
        if (one.kind === Kind.FIELD) {
          const key = (one.alias ?? one.name).value;
          const same = found.get(key);
          if (same === undefined) found.set(key, [one]);
          else same.push(one);
        } else {
          const set = one.kind === Kind.INLINE_FRAGMENT ? one.selectionSet : this.fragments.get(one.name.value)?.selectionSet;
          if (set !== undefined) this.fields([set], found);
        }
    return found;
  }
}

function slotOf(slots: Map<string, Slot>, name: string, form: Slot['form']): Slot {
  let slot = slots.get(name);
  if (slot === undefined) slots.set(name, (slot = { values: [], form }));
  return slot;
}

function valueOf({ values, form }: Slot): unknown {
  if (form === 'one' && values.length > 1) throw new NoSingleton();
  return form === 'list' || values.length > 1 ? values : values[0];
}
