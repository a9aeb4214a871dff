import { describe, expect, it } from '@jest/globals';
import { globalId, nodeKey } from '../../../src/api/graphql/node-id.js';

describe('The id of a thing', () => {
  it('leads back to what it was made of', () => {
    expect(nodeKey(globalId('Series', '1.2', '1.2.3'))).toEqual({ type: 'Series', parts: ['1.2', '1.2.3'] });
    expect(nodeKey(globalId('Study', '1.2'))).toEqual({ type: 'Study', parts: ['1.2'] });
  });

  it.each([
    ['more parts than a study has', Buffer.from('Study:1.2/x/y').toString('base64url')],
    ['fewer than a series has', Buffer.from('Series:1.2').toString('base64url')],
    ['an empty part', Buffer.from('Series:1.2/').toString('base64url')],
    ['another writing of the same bytes', globalId('Study', '1.25').replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 1))],
    ['no type', Buffer.from('Patient:1').toString('base64url')],
  ])('is one, and no other text leads there: %s', (_, id) => {
    expect(nodeKey(id)).toBeUndefined();
  });
});
