import { describe, expect, it } from 'vitest';
import type { ColumnOutline } from '../../../../src/contract/data/columns.ts';
import { encodersFor } from '../../../../src/data/tables/encode.ts';
import { cellForm, type Cell } from '../../../../src/data/tables/source.ts';

const form = cellForm({ decimal: '.', thousands: '' });
const outline = (more: object) => ({ name: 'a', missing: 0, ...more }) as unknown as ColumnOutline;
function encoded(outlines: ColumnOutline[], cell: Cell, at = 0) {
  const encoders = encodersFor(outlines, form);
  const row = new Float32Array(4).fill(9);
  return { ok: encoders[at]!.encode(cell, row, 1), row: [...row], encoders };
}

it('writes a category as its code, also one that is spelled as a number', () => {
  const category = outline({ kind: 'category', categories: ['cat', '1', 'dog'] });
  expect(encoded([category], 'dog')).toMatchObject({ ok: true, row: [9, 2, 9, 9] });
  expect(encoded([category], '1.0')).toMatchObject({ ok: true, row: [9, 1, 9, 9] });
  expect(encoded([category], 'wolf')).toMatchObject({ ok: false, row: [9, NaN, 9, 9] });
});

it('takes what is none of the categories for the last where that stands for all others', () => {
  const category = outline({ kind: 'category', categories: ['cat', 'others'], othersLast: true });
  expect(encoded([category], 'wolf')).toMatchObject({ ok: true, row: [9, 1, 9, 9] });
});

it('reads yes and no in any case', () => {
  const yesNo = outline({ kind: 'yes-no', categories: ['no', 'yes'] });
  expect(encoded([yesNo], 'YES').row[1]).toBe(1);
});

it('writes the parts of one date side by side, and nothing of what is no date', () => {
  const parts = ['year', 'month'].map((part) =>
    outline({ name: `born ${part}`, kind: 'number', madeOf: { column: 'born', part } }),
  );
  const found = encoded(parts, '2024-03-01');
  expect(found.encoders.map(({ column, width }) => [column, width])).toEqual([['born', 2]]);
  expect(found).toMatchObject({ ok: true, row: [9, 2024, 3, 9] });
  expect(encoded(parts, 'soon')).toMatchObject({ ok: false, row: [9, NaN, NaN, 9] });
});

describe('a number with a unit', () => {
  const weight = outline({ kind: 'number', unit: 'kg' });
  const bare = outline({ kind: 'number' });
  const forModel = (column: ColumnOutline, cell: Cell) => {
    const [encoder] = encodersFor([column], form, true);
    const row = new Float32Array(1);
    return { ok: encoder!.encode(cell, row, 0), value: row[0], expected: encoder!.expected(cell) };
  };

  it('is missing where a model knows its column in another unit, or in none', () => {
    expect(forModel(weight, '176 lbs')).toEqual({
      ok: false,
      value: NaN,
      expected: 'a number in kg, as the model knows it',
    });
    for (const cell of ['$5', '12 %'])
      expect(forModel(bare, cell)).toEqual({
        ok: false,
        value: NaN,
        expected: 'a number without a unit, as the model knows it',
      });
    expect(forModel(weight, 'heavy')).toMatchObject({ ok: false, expected: 'a number' });
  });

  it('is read in its own unit, and without one', () => {
    for (const cell of ['80 kg', '80', 80])
      expect(forModel(weight, cell)).toMatchObject({ ok: true, value: 80 });
    const volume = outline({ kind: 'number', unit: 'mL' });
    expect(forModel(volume, '5 ml')).toMatchObject({ ok: true, value: 5 });
  });

  it('is read as it stands where it is imported, which was told of before', () => {
    expect(encoded([bare], '$5')).toMatchObject({ ok: true, row: [9, 5, 9, 9] });
  });

  it('is not the category of its number alone', () => {
    const codes = outline({ kind: 'category', categories: ['5', '7'] });
    expect(encoded([codes], '5.0').row[1]).toBe(0);
    const doses = outline({ kind: 'category', categories: ['10 mg', '20 mg'] });
    expect(['20.0 mg', '20mg', '20'].map((cell) => encoded([doses], cell).row[1])).toEqual([1, 1, NaN]);
    expect(encoded([codes], '5 kg')).toMatchObject({ ok: false, row: [9, NaN, 9, 9] });
  });
});
