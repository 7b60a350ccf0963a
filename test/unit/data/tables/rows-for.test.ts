import { describe, expect, it } from 'vitest';
import type { StoredColumn } from '../../../../src/contract/data/columns.ts';
import { rowsFor } from '../../../../src/data/tables/rows-for.ts';

const number = (name: string): StoredColumn => ({
  name,
  kind: 'number',
  missing: 0,
  mean: 0,
  standardDeviation: 1,
  quantiles: [0, 1],
});
const category = (name: string, categories: string[], othersLast = false): StoredColumn => ({
  name,
  kind: 'category',
  missing: 0,
  categories,
  counts: categories.map(() => 1),
  ...(othersLast && { othersLast }),
});

describe('rows for a model', () => {
  it('have its columns in its order, and categories by its codes', () => {
    const read = [category('ward', ['west', 'north', 'east']), number('age'), number('extra')];
    const wanted = [number('age'), category('ward', ['east', 'west'])];
    const map = rowsFor(read, wanted, 'a.csv');
    expect([...map(Float32Array.of(0, 41, 7))]).toEqual([41, 1]);
    expect([...map(Float32Array.of(2, 12, 7))]).toEqual([12, 0]);
    // A category that the model has never met is not known to it, and what is not known stays so.
    expect([...map(Float32Array.of(1, NaN, 7))]).toEqual([NaN, NaN]);
    expect([...map(Float32Array.of(NaN, 1, 7))]).toEqual([1, NaN]);
  });

  it('count what the model has never met among its others, where it has such a category', () => {
    const wanted = [category('ward', ['east', 'others'], true)];
    const map = rowsFor([category('ward', ['south', 'east', 'rest'], true)], wanted, 'a.csv');
    expect([0, 1, 2].map((code) => map(Float32Array.of(code))[0])).toEqual([1, 0, 1]);
  });

  it('read numbers as categories and the other way round, as few rows look otherwise than many', () => {
    const grades = rowsFor([number('grade')], [category('grade', ['1', '2', '4'])], 'a.csv');
    expect([4, 1, 3].map((value) => grades(Float32Array.of(value))[0])).toEqual([2, 0, NaN]);
    const doses = rowsFor([category('dose', ['0.5', 'none'])], [number('dose')], 'a.csv');
    expect([0, 1].map((code) => doses(Float32Array.of(code))[0])).toEqual([0.5, NaN]);
  });

  it('take the number out of a category that holds it with its unit, and put it in again', () => {
    const dose = { ...number('dose'), unit: 'mg' } as StoredColumn;
    const categories = category('dose', ['10 mg', '20 mg', '5 kg', '7,5 mg']);
    const old = rowsFor([dose], [categories], 'a.csv');
    expect([10, 20, 5, 7.5].map((value) => old(Float32Array.of(value))[0])).toEqual([0, 1, NaN, 3]);
    const read = rowsFor([categories], [dose], 'a.csv');
    expect([0, 1, 2, 3].map((code) => read(Float32Array.of(code))[0])).toEqual([10, 20, NaN, 7.5]);
    // Of another unit, or of none, they are not known.
    const bare = rowsFor([number('dose')], [categories], 'a.csv');
    expect(bare(Float32Array.of(10))[0]).toBeNaN();
    const codes = rowsFor([dose], [category('dose', ['10', '20'])], 'a.csv');
    expect(codes(Float32Array.of(10))[0]).toBeNaN();
    // As they are stored: 0.1 is no float32.
    const tenths = rowsFor([dose], [category('dose', ['0.1 mg', '0.2 mg'])], 'a.csv');
    expect(tenths(Float32Array.of(0.2))[0]).toBe(1);
  });

  it('are refused where a column is missing, with its name', () => {
    expect(() => rowsFor([number('a')], [number('a'), number('weight')], 'a.csv')).toThrow(
      /lacks a column that the model was trained on: weight/,
    );
  });
});
