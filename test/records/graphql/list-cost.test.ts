import { describe, expect, it } from '@jest/globals';
import { getOperationAST, parse } from 'graphql';
import { checkListCost } from '../../../src/records/graphql/list-cost.js';

const checked = (query: string, variables: Readonly<Record<string, unknown>> = {}) => {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (operation) checkListCost(document, operation, variables);
};
const within = (head: string, count: string): string =>
  `${head} { PatientList(_count: ${count}) { ObservationList(_reference: subject, _count: ${count}) { id } } }`;

describe('What lists within lists may give together', () => {
  it.each<[string, string, string, Record<string, unknown>]>([
    ['a number', '', '1000', {}],
    ['a text', '', '"1000"', {}],
    ['brackets', '', '[1000]', {}],
    ['two values, which is no number', '', '[1000, 5]', {}],
    ['a variable', 'query($n: [String])', '$n', { n: 1000 }],
    ['a variable in brackets', 'query($n: String)', '[$n]', { n: '1000' }],
    ['a variable whose value is a list', 'query($n: [String])', '$n', { n: ['1000'] }],
    ['a variable’s own value', 'query($n: [String] = [1000])', '$n', {}],
  ])('is counted by %s', (_, head, count, variables) => {
    expect(() => checked(within(head, count), variables)).toThrow('more than 10000 resources');
  });

  it('is let pass where it is little, or not said', () => {
    for (const count of ['10', '[10]', 'null', '[]']) expect(() => checked(within('', count))).not.toThrow();
    expect(() => checked(within('query($n: String = "1000")', '$n'), { n: '10' })).not.toThrow();
    expect(() => checked(within('query($n: String)', '$n'))).not.toThrow();
  });
});
