import { describe, expect, it } from 'vitest';
import { columnDoubts, headDoubts, rateDoubts } from '../../../../src/data/delimited/doubts.ts';
import { paceOf } from '../../../../src/data/delimited/facts.ts';
import type { NumberDecision } from '../../../../src/data/delimited/numbers.ts';
import type { FileRate, NamedHead } from '../../../../src/data/delimited/plan-types.ts';
import type { Column } from '../../../../src/data/delimited/roles.ts';
import { headOf, noise, optionsOf, table } from './heads.ts';

const plain: NumberDecision = { decimal: '.', thousands: '', doubt: null };
const usual = headOf(
  'a.csv',
  table('x,y', 20, (at) => [noise(at), noise(at + 1)]),
);
const doubtsOf = (heads: NamedHead[], decision: Partial<NumberDecision> = {}, options = {}) =>
  headDoubts(heads, heads[0]!, { ...plain, ...decision }, optionsOf(options));

describe('of the text', () => {
  it('there are none where all is plain', () => {
    expect(
      doubtsOf([
        usual,
        headOf(
          'b.csv',
          table('x,y', 20, (at) => [noise(at), noise(at)]),
        ),
      ]),
    ).toEqual([]);
  });

  it('a comma that may part decimals or columns has to be told', () => {
    expect(doubtsOf([headOf('c.csv', '1,5\n2,7\n3,12\n')])).toEqual([
      {
        code: 'delimited.comma',
        message:
          '“c.csv”: the comma in “1,5” may part decimals (one column) or two columns, and nothing tells which.',
        remedy: 'Say which: decimal “comma”, or delimiter “comma”.',
        blocking: true,
      },
    ]);
  });

  it('so does one that may group thousands, shown by a number of the file', () => {
    const head = headOf('d.csv', '1,234;5\n2,500;6\n3,125;7\n');
    expect(doubtsOf([head], { decimal: ',', doubt: 'comma-either' })).toMatchObject([
      {
        message: expect.stringContaining('Numbers such as “1,234” may have a decimal comma') as string,
        blocking: true,
      },
    ]);
  });

  it('a point in the same place is taken for decimals, and said only where semicolons part columns', () => {
    const german = headOf('e.csv', '1.234;5\n2.500;6\n3.125;7\n');
    expect(doubtsOf([german], { doubt: 'point-either' })).toMatchObject([
      {
        code: 'delimited.point',
        message: 'Numbers such as “1.234” are taken to have a decimal point; it could group thousands.',
        blocking: false,
      },
    ]);
    expect(doubtsOf([usual], { doubt: 'point-either' })).toEqual([]);
  });

  it('both signs for decimals, names that are numbers, and letters that are no UTF-8 are said', () => {
    expect(doubtsOf([usual], { decimal: ',', doubt: 'mixed' })[0]!.message).toBe(
      'Some numbers have a decimal comma, others a decimal point; commas are read, the others are listed as bad rows.',
    );
    const numbered = headOf(
      'f.csv',
      `1,2,3,4,5\n${table('', 40, (at) => [0, 1, 2, 3, 4].map((one) => noise(at + one)))}`,
    );
    expect(numbered.dialect.headerIsNumbers).toBe(true);
    expect(doubtsOf([numbered])[0]).toMatchObject({
      message: 'The line 1, 2, 3, 4, … is taken for names of columns.',
      remedy: 'Header line 0 says that it is data.',
      blocking: false,
    });
    const guessed = { ...usual, encoding: 'windows-1252' as const };
    expect(doubtsOf([guessed])[0]!.message).toMatch(/^“a.csv” is no UTF-8; its letters are read as .+\.$/);
    expect(doubtsOf([guessed], {}, { text: { encoding: 'windows-1252' } })).toEqual([]);
  });

  it('files of other columns are counted and one is named', () => {
    const other = headOf(
      'z.csv',
      table('y,x', 20, (at) => [noise(at), noise(at)]),
    );
    expect(doubtsOf([usual, other, usual])[0]).toMatchObject({
      code: 'delimited.other-columns',
      message:
        '1 of 3 files looked at have other columns than “a.csv”, or another order, “z.csv” among them. Columns are found by name; files that lack a channel are left out.',
      blocking: false,
    });
  });
});

describe('of columns', () => {
  const column = (more: Partial<Column>) =>
    ({
      index: 1,
      name: 'x',
      title: 'x',
      role: 'channel',
      why: 'numbers',
      isDoubtful: true,
      isQuestion: false,
      ...more,
    }) as Column;

  it('say how each is taken and why, and hold the import up only where nothing tells', () => {
    const found = columnDoubts([
      column({ isDoubtful: false }),
      column({ role: 'time', why: 'rises evenly' }),
      column({ index: 3, title: null, role: 'ignored', why: 'it looks like labels', isQuestion: true }),
    ]);
    expect(found.map(({ message, blocking }) => [message, blocking])).toEqual([
      ['Column 2 (x) is taken as the time: rises evenly.', false],
      ['Column 4 is left out: it looks like labels.', true],
    ]);
    expect(found[1]!.remedy).toBe(
      'Say where labels come from: label from “column”, or label from “file”; or choose a role for the column.',
    );
  });
});

describe('of rates', () => {
  const at = (path: string, hz: number, steps?: number[]): FileRate => ({
    path,
    hz,
    pace: steps ? paceOf(steps, 1) : null,
  });
  const signals = (more = {}) => optionsOf({ signals: more }).signals;
  const doubts = (
    rates: FileRate[],
    samplingRate: number | null,
    rateFrom: 'told' | 'stated' | 'time' | null,
    more = {},
  ) => rateDoubts(rates, { samplingRate, rateFrom }, null, signals(more));

  it('no rate has to be told, unless it is said that there is none', () => {
    const [unknown] = doubts([], null, null);
    expect(unknown).toMatchObject({ code: 'delimited.rate-unknown', blocking: true });
    expect(unknown!.remedy).toContain('or say that it is not known (without rate)');
    expect(doubts([], null, null, { withoutRate: true })[0]).toMatchObject({ blocking: false });
    expect(doubts([], null, null, { resampleTo: 100 })[0]).toMatchObject({
      remedy: 'Give the sampling rate: without it nothing can be resampled.',
      blocking: true,
    });
  });

  it('rates that differ hold an import up, unless all are brought to one', () => {
    const rates = [at('a', 100), at('b', 100.5), at('c', 50)];
    expect(doubts(rates, 100, 'stated')).toMatchObject([
      {
        code: 'delimited.rates-differ',
        message: 'The recordings have different rates: 100 Hz (“a” and 1 more), 50 Hz (“c”).',
        blocking: true,
      },
    ]);
    expect(doubts(rates, 100, 'stated', { resampleTo: 50 })).toEqual([]);
    expect(doubts(rates, 100, 'told')).toMatchObject([
      {
        code: 'delimited.rate-differs',
        message: 'The sampling rate given is 100 Hz, but “c” says 50 Hz.',
        blocking: false,
      },
    ]);
    expect(doubts([at('a', 100), at('b', 101)], 100, 'stated')).toEqual([]);
  });

  it('times that are uneven have to be answered', () => {
    const steps = Array.from({ length: 40 }, (_, index) => (index % 2 ? 0.5 : 1.5));
    const uneven = [at('u', 1, steps)];
    expect(doubts(uneven, 1, 'time')).toMatchObject([
      {
        code: 'delimited.time-uneven',
        message:
          '“u”: rows are 500 ms to 1.5 s apart, 1 Hz on average. Windows need rows that are even in time.',
        blocking: true,
      },
    ]);
    expect(doubts(uneven, 1, 'time', { uneven: 'interpolate' })).toEqual([]);
    expect(doubts(uneven, 1, 'told')).toEqual([]);
  });

  it('a slow rate from times of no unit is said', () => {
    const time = { name: 'time', why: 'time, taken as seconds', isDoubtful: false } as Column;
    const slow = rateDoubts([at('a', 0.1)], { samplingRate: 0.1, rateFrom: 'time' }, time, signals());
    expect(slow[0]!.message).toBe('The times of “time” are taken as seconds, which makes one every 10 s.');
    expect(rateDoubts([at('a', 2)], { samplingRate: 2, rateFrom: 'time' }, time, signals())).toEqual([]);
  });
});
