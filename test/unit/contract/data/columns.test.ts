import { describe, expect, it } from 'vitest';
import { storedColumnSchema, valueWords, type StoredColumn } from '../../../../src/contract/data/columns.ts';

const number = (more: object = {}): StoredColumn =>
  storedColumnSchema.parse({
    name: 'weight',
    kind: 'number',
    missing: 0,
    mean: 2,
    standardDeviation: 1,
    quantiles: [1, 2, 3],
    ...more,
  });

describe('a value of a row in words', () => {
  it('is the number with its unit, or the category of its code, and null where nothing is known', () => {
    expect(valueWords(number({ unit: 'kg' }), 71.300003)).toBe('71.3 kg');
    expect(valueWords(number({ kind: 'whole-number' }), 1_234_567)).toBe('1,234,567');
    const smoker = storedColumnSchema.parse({
      name: 'smoker',
      kind: 'yes-no',
      missing: 0.1,
      categories: ['no', 'yes'],
      counts: [3, 4],
    });
    expect([0, 1, NaN].map((code) => valueWords(smoker, code))).toEqual(['no', 'yes', null]);
    expect(valueWords(number(), NaN)).toBeNull();
  });

  it('groups no digits of a year', () => {
    const year = number({ kind: 'whole-number', madeOf: { column: 'admitted', part: 'year' } });
    expect(valueWords(year, 2024)).toBe('2024');
  });

  it('belongs to a column that is described whole', () => {
    expect(() =>
      storedColumnSchema.parse({ name: 'a', kind: 'category', missing: 0, quantiles: [0, 1] }),
    ).toThrow();
    expect(() => number({ quantiles: [1] })).toThrow();
  });
});
