import { describe, expect, it } from 'vitest';
import { concernsOf, dateOrder } from '../../../../src/data/tables/concerns.ts';
import { tableSchema } from '../../../../src/data/tables/options.ts';
import { cellForm, knownCell } from '../../../../src/data/tables/source.ts';
import { ColumnSurvey } from '../../../../src/data/tables/survey.ts';

function concernsIn(kind: 'date' | 'number', cells: string[], told: object = {}) {
  const own = tableSchema.parse(told);
  const form = cellForm({ decimal: '.', thousands: '' }, own.missingWords);
  const survey = new ColumnSurvey();
  cells.forEach((cell, at) => survey.add(knownCell(cell, form), form, 'a.csv', at + 2));
  const plan = { name: 'x', kind, use: 'feature', reason: '' } as const;
  return { concerns: concernsOf(plan, survey, own), order: dateOrder(survey, own) };
}

describe('dates', () => {
  it('are asked for their order where nothing tells it, and keep what is told', () => {
    const cells = ['01/02/2024', '03/04/2024'];
    expect(concernsIn('date', cells).concerns).toEqual([
      expect.objectContaining({ code: 'table.date-order', blocking: true }),
    ]);
    expect(concernsIn('date', cells, { dateOrder: 'month-first' })).toEqual({
      concerns: [],
      order: { order: 'month-first' },
    });
    expect(concernsIn('date', ['2024-01-02'])).toEqual({ concerns: [], order: {} });
  });

  it('in three spellings are told of', () => {
    const { concerns } = concernsIn('date', ['2024-01-02', '25/02/2024', 'March 1, 2024']);
    expect(concerns.map(({ message }) => message)).toEqual([
      'Dates in “x” are written in 3 ways, each read: as 2024-12-31 (1), 31/12/2024 (1), December 31, 2024 (1); the day comes first in numbers.',
    ]);
  });
});

describe('numbers', () => {
  const ages = Array.from({ length: 40 }, (_, at) => String(20 + at));

  it('that stand for nothing are told of, and missing where a person says so', () => {
    expect(concernsIn('number', [...ages, '-999', '-999']).concerns).toMatchObject([
      {
        code: 'table.stand-in',
        message: expect.stringContaining('“x” holds -999') as string,
        blocking: false,
      },
    ]);
    expect(concernsIn('number', [...ages, '999']).concerns).toMatchObject([{ code: 'table.stand-in' }]);
    expect(concernsIn('number', [...ages, '-999', '-999.0'], { missingWords: ['-999'] }).concerns).toEqual(
      [],
    );
  });

  it('that may well be meant are not', () => {
    expect(concernsIn('number', [...ages, '-5', '-9']).concerns).toEqual([]);
    expect(concernsIn('number', ['990', '995', '999', '1003']).concerns).toEqual([]);
  });

  it('that are known in few rows are told of', () => {
    const cells = [...Array.from({ length: 99 }, () => ''), '1'];
    expect(concernsIn('number', cells).concerns.map(({ message }) => message)).toEqual([
      '“x” is known in 1 of 100 rows alone.',
    ]);
  });
});
