import { expect, it } from 'vitest';
import { editDistance, nearest } from '../../../src/contract/suggest.ts';

it('the nearest word is found, unless all are far', () => {
  expect(editDistance('kitten', 'sitting')).toBe(3);
  expect(editDistance('', 'abc')).toBe(3);
  expect(editDistance('widht', 'width')).toBe(1);
  expect(nearest('bachSize', ['epochs', 'batchSize'])).toBe('batchSize');
  expect(nearest('zebra', ['epochs', 'batchSize'])).toBeNull();
});
