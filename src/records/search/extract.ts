import { theResource, type Found } from './element-path.js';
import { addRows, noRows } from './index-rows.js';
import { PathTree } from './path-tree.js';
import { searchParameters, type SearchParameter } from './search-parameters.js';
import { timelinePlace, type Indexed } from './timeline.js';

/** The parameters of a type that have rows of their own, and their paths; a leaf is a parameter's place in the list. */
interface Plan {
  readonly parameters: readonly SearchParameter[];
  readonly paths: PathTree;
}

const plans = new Map<string, Plan>();

/** Everything that a resource is found by (R4 search.html): the same row once. */
export function indexRows(resource: { readonly resourceType: string }): Indexed {
  const { parameters, paths } = planOf(resource.resourceType);
  const found: (readonly Found[])[] = [];
  paths.walk([theResource(resource)], (leaf, values) => (found[leaf] = leaf in found ? [...found[leaf], ...values] : values));
  const rows = noRows();
  found.forEach((values, leaf) => addRows(rows, parameters[leaf], values));
  return {
    tokens: unique(rows.tokens),
    references: unique(rows.references),
    dates: unique(rows.dates),
    strings: unique(rows.strings),
    quantities: unique(rows.quantities),
    place: timelinePlace(resource.resourceType, rows),
  };
}

function planOf(type: string): Plan {
  const known = plans.get(type);
  if (known !== undefined) return known;
  const parameters = [...searchParameters(type).values()].filter(hasRows);
  const paths = new PathTree();
  for (const [leaf, { places, expressions }] of parameters.entries())
    for (const expression of places === undefined ? expressions : [places]) paths.add(expression, leaf);
  const plan = { parameters, paths };
  plans.set(type, plan);
  return plan;
}

/** Neither a union of others nor answered by the rows of others. */
const hasRows = ({ numbers, searched, components }: SearchParameter): boolean =>
  searched.some((one) => one.numbers === numbers) && (components.length === 0 || components.some(({ isShared }) => isShared !== true));

/** Of so few rows each is compared with those before it sooner than all have a key. */
const FEW = 24;

function unique<Row extends { readonly parameter: number }>(rows: Row[]): Row[] {
  if (rows.length < 2) return rows;
  if (rows.length > FEW) return [...new Map(rows.map((row) => [Object.values(row).join('\n'), row])).values()];
  return rows.filter((row, i) => !rows.slice(0, i).some((before) => before.parameter === row.parameter && isSame(before, row)));
}

const isSame = <Row extends object>(one: Row, other: Row): boolean =>
  (Object.keys(one) as (keyof Row)[]).every((column) => one[column] === other[column]);
