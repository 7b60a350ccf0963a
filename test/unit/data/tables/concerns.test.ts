import { describe, expect, it } from 'vitest';
import { concernsOf, dateOrder } from '../../../../src/data/tables/concerns.ts';
import { tableSchema } from '../../../../src/data/tables/options.ts';
import { cellForm, knownCell } from '../../../../src/data/tables/source.ts';
import { ColumnSurvey } from '../../../../src/data/tables/survey.ts';

const PLAIN = { decimal: '.', thousands: '' } as const;

function concernsIn(kind: 'date' | 'number' | 'category', cells: string[], told: object = {}, unit?: string) {
  const own = tableSchema.parse(told);
  const form = cellForm(PLAIN, own);
  const survey = new ColumnSurvey();
  cells.forEach((cell, at) => survey.add(knownCell(cell, form), form, 'a.csv', at + 2, cell));
  const plan = { name: 'x', kind, use: 'feature', reason: '', ...(unit !== undefined && { unit }) } as const;
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

describe('years of two digits', () => {
  const codes = (cells: string[]) => concernsIn('date', cells).concerns.map(({ code }) => code);

  it('are told of where the year may come first, or the day is to come', () => {
    expect(concernsIn('date', ['24-Dec-31', '23-Nov-05']).concerns).toEqual([
      {
        code: 'table.date-years',
        message:
          'Years in “x” are written in two digits: “24-Dec-31” is read as of 2031, which is to come, and would be 2024-12-31 if the year came first.',
        remedy: 'If that is not what is meant, write dates as 2024-12-31.',
        blocking: false,
      },
    ]);
    expect(concernsIn('date', ['14-Mar-62', '5-Mar-45']).concerns[0]!.message).toBe(
      'Years in “x” are written in two digits: “14-Mar-62” is read as of 2062, which is to come.',
    );
    expect(codes(['20-Dec-10', '19-Nov-05'])).toEqual(['table.date-years']);
    expect(codes(['19-12-20', '18-11-15'])).toEqual(['table.date-years']);
  });

  it('are not where they can be read in one way alone', () => {
    expect(codes(['20-Dec-10', '5-Nov-05'])).toEqual([]);
    expect(codes(['31-12-99', '30-11-98'])).toEqual([]);
    expect(codes(['24-Dec-2031', '2045-03-01'])).not.toContain('table.date-years');
  });
});

describe('words for nothing', () => {
  const grades = ['none', 'mild', 'severe', 'none'];

  it('that may be values are told of, and are values where a person says so', () => {
    expect(concernsIn('category', grades, { fewestOfCategory: 1 }).concerns).toEqual([
      {
        code: 'table.nothing-or-value',
        message: '“none” stands in 2 of 4 cells of “x”, and counts as missing.',
        remedy:
          'If it is a value like the others, say so (options.knownWords: none); if nothing is known there, options.missingWords: none.',
        blocking: false,
      },
    ]);
    for (const told of [{ knownWords: ['none'] }, { missingWords: ['none'] }])
      expect(concernsIn('category', grades, { ...told, fewestOfCategory: 1 }).concerns).toEqual([]);
    expect(knownCell('none', cellForm(PLAIN, { knownWords: ['none'] }))).toBe('none');
    expect(knownCell('none', cellForm(PLAIN))).toBeNull();
  });

  it('that mean nothing there are not', () => {
    const told = (cells: string[]) =>
      concernsIn('category', cells, { fewestOfCategory: 1 }).concerns.map(({ code }) => code);
    expect(told(['CH', 'DE', 'NA'])).toEqual(['table.nothing-or-value']);
    expect(told(['Bern', 'Basel', 'NA', '', '?', '-'])).toEqual([]);
    expect(told(['+', '++', '-'])).toEqual(['table.nothing-or-value']);
    expect(concernsIn('number', ['1', '2', 'none']).concerns).toEqual([]);
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

  it('of two units are asked about, and read as they stand where a person says so', () => {
    const cells = ['€ 5', '7 €', '$ 9', '10'];
    const { concerns } = concernsIn('number', cells);
    expect(concerns).toEqual([expect.objectContaining({ code: 'table.units', blocking: true })]);
    expect(concerns[0]!.message).toContain('in € (2) and in $ (1) and without a unit (1)');
    expect(concernsIn('number', cells, { kinds: { x: 'number' } }).concerns[0]).toMatchObject({
      blocking: false,
    });
    expect(concernsIn('number', ['5 %', '7.5 %', '-3 %']).concerns).toEqual([]);
    expect(concernsIn('number', ['$ 5', '7', '9']).concerns).toEqual([
      expect.objectContaining({ code: 'table.units', blocking: false }),
    ]);
  });

  it('that are kept as they are, or nearly, are not told of, and words are no numbers', () => {
    const wholes = Array.from({ length: 8 }, (_, at) => String(101_300 + at));
    for (const cells of [wholes, ['101300.5', '101301.25'], ['101300.37', '101303.91', '101307.12']])
      expect(concernsIn('number', cells).concerns).toEqual([]);
    expect(concernsIn('number', ['low', 'high', 'low'], { kinds: { x: 'number' } }).concerns).toEqual([]);
  });

  it('that stand for nothing are known with decimals and units too', () => {
    const cells = [...ages.map((age) => `${age} kg`), '-999.0 kg'];
    expect(concernsIn('number', cells).concerns).toMatchObject([{ code: 'table.stand-in' }]);
    expect(concernsIn('number', cells, { missingWords: ['-999'] }).concerns).toEqual([]);
  });

  it('of one unit in two spellings are not asked about, and of another than the head says are', () => {
    expect(concernsIn('number', ['5 mL', '7 ml', '9 mL']).concerns).toEqual([]);
    expect(concernsIn('number', ['5 lbs', '7 lbs'], {}, 'kg').concerns).toEqual([
      expect.objectContaining({
        code: 'table.units',
        message:
          '“x” holds numbers in lbs (2) and has kg in its head: they are read as they stand, as if all were of one unit.',
        blocking: true,
      }),
    ]);
  });

  it('whose differences are lost as they are kept are told of', () => {
    expect(concernsIn('number', ['9223372036854775808', '9223372036854775809', '1e19']).concerns).toEqual([]);
    const { concerns } = concernsIn('number', ['1000000001', '1000000002', '1000000007']);
    expect(concerns.map(({ code, message }) => [code, message])).toEqual([
      [
        'table.too-fine',
        '“x” goes from 1000000001 to 1000000007, and numbers of that size are kept in steps of 64: what they differ in is lost, or nearly so.',
      ],
    ]);
    const steps = concernsIn('number', ['101300.001', '101300.002', '101300.003']).concerns;
    expect(steps).toMatchObject([
      { code: 'table.too-fine', message: expect.stringContaining('0.0078125') as string },
    ]);
    // Seconds since 1970, of some days.
    expect(concernsIn('number', ['1700000000', '1700100000', '1700400000']).concerns).toEqual([]);
  });
});
