import { describe, expect, it } from 'vitest';
import type { PretextError } from '../../../../src/contract/errors.ts';
import { OTHERS, outlinesOf, planColumn, type Uses } from '../../../../src/data/tables/plan.ts';
import { knownCell, type Cell } from '../../../../src/data/tables/source.ts';
import { ColumnSurvey } from '../../../../src/data/tables/survey.ts';
import { FORM, ownOf } from './sources.ts';

function planned(cells: readonly Cell[], own: object = {}, uses: Uses = new Map(), name = 'x') {
  const survey = new ColumnSurvey();
  cells.forEach((cell, at) => survey.add(knownCell(cell, FORM), FORM, 'a.csv', at + 2));
  const options = ownOf(own);
  const plan = planColumn({ name, unit: null, survey }, options, uses, FORM);
  return { plan, outlines: () => outlinesOf(plan, survey, options) };
}
const times = <Value>(count: number, of: (at: number) => Value) =>
  Array.from({ length: count }, (_, at) => of(at));
const measured = times(60, (at) => String(((at * 37) % 101) / 4 + 0.1));

describe('a column', () => {
  it.each<[string, readonly Cell[], string, string]>([
    ['numbers', measured, 'number', 'feature'],
    ['words that repeat', times(60, (at) => ['red', 'green', 'blue'][at % 3]!), 'category', 'feature'],
    ['yes and no', times(60, (at) => (at % 2 ? 'Yes' : 'No')), 'yes-no', 'feature'],
    ['days', times(60, (at) => `2024-03-${String((at % 28) + 1).padStart(2, '0')}`), 'date', 'feature'],
    ['sentences', times(60, (at) => `a sentence of its own, number ${at}`), 'text', 'left-out'],
  ])('of %s is taken as what it holds', (_what, cells, kind, use) => {
    expect(planned(cells).plan).toMatchObject({ kind, use, rows: 60, missing: 0, odd: null });
  });

  it('of numbers with their unit in each cell is one of numbers, and keeps the unit', () => {
    const { plan, outlines } = planned(measured.map((number) => `${number} %`));
    expect(plan).toMatchObject({ kind: 'number', use: 'feature', unit: '%', odd: null });
    expect(outlines()).toEqual([{ name: 'x', kind: 'number', unit: '%' }]);
    const prices = measured.map((_, at) => `€ ${at + 1}`);
    expect(planned(prices).plan).toMatchObject({ kind: 'whole-number', unit: '€' });
    expect(planned([...prices, '$ 7']).plan.unit).toBeUndefined();
    expect(planned(measured.map((number) => `−${number}`)).plan).toMatchObject({ kind: 'number' });
  });

  it('has no unit from a few of its cells', () => {
    const some = planned([...measured, ...times(5, (at) => `${at + 0.5} %`)]).plan;
    expect(some.unit).toBeUndefined();
    expect(some.concerns).toEqual([
      expect.objectContaining({
        code: 'table.units',
        message:
          '“x” holds numbers in % (5) and without a unit (60): they are read as they stand, as if all were of one unit.',
      }),
    ]);
    // One that was forgotten does not take it from all others.
    const most = planned([...measured.map((number) => `${number} %`), '7']).plan;
    expect(most.unit).toBe('%');
    expect(most.concerns[0]!.message).toContain('in % (60) and without a unit (1): they are read');
    const words = times(60, (at) => ['no', 'some', 'a lot', '5 kg'][at % 4]!);
    expect(planned(words).plan).toMatchObject({ kind: 'category' });
    expect(planned(words).plan.unit).toBeUndefined();
  });

  it('of bytes is left out', () => {
    expect(planned(times(60, (at) => `(${at % 3} bytes)`)).plan).toMatchObject({
      kind: 'text',
      use: 'left-out',
    });
  });

  it('of numbers with some odd cells stays one, and says which', () => {
    const { plan } = planned([...measured, 'unknown', 'unknown']);
    expect(plan).toMatchObject({ kind: 'number', odd: { count: 2, first: { text: 'unknown', line: 62 } } });
    expect(plan.reason).toBe(
      '2 of 62 known cells are no numbers: “unknown” in row 62 is the first. They count as missing.',
    );
    expect(planned([...measured, 'n.d.']).plan.reason).toBe(
      'One of 61 known cells is no number: “n.d.” in row 62. It counts as missing.',
    );
  });

  it('that numbers fill only in part is a category, or a text where there are too many', () => {
    const half = times(60, (at) => (at % 2 ? String(at % 5) : ['low', 'high'][(at / 2) % 2]!));
    expect(planned(half).plan).toMatchObject({ kind: 'category', use: 'feature' });
  });

  it('is what it is told to be, and what it is there for', () => {
    const cells = times(60, (at) => String(at % 3));
    expect(planned(cells, { kinds: { x: 'category' } }).plan).toMatchObject({
      kind: 'category',
      use: 'feature',
      reason: 'As told.',
    });
    expect(planned(cells, { kinds: { x: 'left-out' } }).plan).toMatchObject({
      use: 'left-out',
      reason: 'As told.',
    });
    expect(planned(cells, { kinds: { x: 'text' } }).plan).toMatchObject({ kind: 'text', use: 'left-out' });
    expect(planned(cells, {}, new Map([['x', 'group']])).plan).toMatchObject({
      use: 'group',
      reason: 'The group, as told.',
    });
  });
});

describe('the order of a category', () => {
  const sizes = times(60, (at) => ['small', 'large', 'medium'][at % 3]!);
  const told = { kinds: { x: 'ordered-category' } };
  const failureOf = (act: () => unknown) => {
    try {
      act();
    } catch (error) {
      return (error as PretextError).failure;
    }
    throw new Error('It did not fail.');
  };

  it('is told, or that of numbers', () => {
    const ordered = planned(sizes, { ...told, orders: { x: 'small < medium < large' } });
    expect(ordered.plan.order).toEqual(['small', 'medium', 'large']);
    expect(ordered.outlines()).toEqual([
      { name: 'x', kind: 'ordered-category', categories: ['small', 'medium', 'large'] },
    ]);
    expect(
      planned(
        times(60, (at) => ['10', '9', '1.5'][at % 3]!),
        told,
      ).plan.order,
    ).toEqual(['1.5', '9', '10']);
  });

  it('has to be told where nothing says it, and to be whole', () => {
    expect(failureOf(() => planned(sizes, told))).toMatchObject({
      code: 'table.order',
      message: '“x” is told to be an ordered category, and nothing says the order of small, large, medium.',
      place: 'options.orders.x',
    });
    expect(failureOf(() => planned(sizes, { ...told, orders: { x: 'small < large' } })).message).toBe(
      'The order of “x” (small < large) lacks “medium”, which occurs.',
    );
  });
});

describe('what a column becomes', () => {
  it('is one number, or the parts of a date that were written', () => {
    expect(planned(measured).outlines()).toEqual([{ name: 'x', kind: 'number' }]);
    const days = planned(times(60, (at) => `2024-03-${String((at % 28) + 1).padStart(2, '0')}`)).outlines();
    const hours = planned(
      times(60, (at) => `2024-03-05 ${String(at % 24).padStart(2, '0')}:30:00`),
    ).outlines();
    const partsOf = (outlines: ReturnType<typeof outlinesOf>) =>
      outlines.map(({ name }) => name.replace('x, ', ''));
    expect(partsOf(days)).not.toContain('hour');
    expect(partsOf(hours)).toEqual(expect.arrayContaining(['hour', 'minute', 'days']));
    expect(days.find(({ name }) => name === 'x, days')).toMatchObject({
      kind: 'number',
      madeOf: { column: 'x', part: 'days' },
    });
  });

  it('of yes and no has no first, as both are written', () => {
    expect(planned(times(60, (at) => (at % 2 ? 'Yes' : 'No'))).outlines()).toEqual([
      { name: 'x', kind: 'yes-no', categories: ['No', 'Yes'] },
    ]);
  });

  it('of categories has those that are frequent, and one for all others', () => {
    const cells = [
      ...times(30, () => 'b'),
      ...times(20, () => 'a10'),
      ...times(20, () => 'a9'),
      ...times(3, () => 'rare'),
    ];
    expect(planned(cells).outlines()).toEqual([
      { name: 'x', kind: 'category', categories: ['a9', 'a10', 'b', OTHERS], othersLast: true },
    ]);
    expect(planned(cells, { fewestOfCategory: 1 }).outlines()).toEqual([
      { name: 'x', kind: 'category', categories: ['a9', 'a10', 'b', 'rare'] },
    ]);
    expect(planned(cells, { fewestOfCategory: 1, mostCategories: 2 }).outlines()).toMatchObject([
      { categories: expect.arrayContaining(['b', OTHERS]) as string[] },
    ]);
  });
});
