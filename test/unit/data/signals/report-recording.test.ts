import { describe, expect, it } from 'vitest';
import type { DelimitedPlan } from '../../../../src/data/delimited/plan-types.ts';
import { createIssueList } from '../../../../src/data/reading/issues.ts';
import type { ReadRequest } from '../../../../src/data/reading/types.ts';
import type { StoredRecording } from '../../../../src/data/signals/recording-types.ts';
import { reportRecording } from '../../../../src/data/signals/report-recording.ts';

const plan = { samplingRate: 100, channels: [{ name: 'x' }, { name: 'y' }] } as DelimitedPlan;
const bad = (line: number, text: string, more: object = {}) => ({
  start: line - 2,
  end: line - 1,
  line,
  lastLine: line,
  column: 2,
  text,
  ...more,
});

function told({
  badRows = [] as object[],
  heldCount = 0,
  watch = null as object | null,
  counts = { bad: 0, faulty: 0, mixed: 0 },
}) {
  const issues = createIssueList();
  const stored = {
    parser: { badRows, heldCount },
    watch,
    dialect: { columnCount: 3 },
    columns: { channels: [1, 2] },
  } as unknown as StoredRecording;
  reportRecording({ issues } as ReadRequest, plan, 'a.csv', stored, counts);
  return issues.all;
}
const messages = (...args: Parameters<typeof told>) => told(...args).map(({ message }) => message);

it('says nothing of a recording without fault', () => {
  expect(told({ watch: { breaks: [], hz: 100 } })).toEqual([]);
});

describe('rows that cannot be used', () => {
  it('are told with their line, column and what stands there', () => {
    expect(
      told({
        badRows: [
          bad(5, 'broken'),
          bad(9, ''),
          bad(12, '4', { column: -1 }),
          bad(20, 'x', { lastLine: 25, column: 1 }),
        ],
      }).map(({ reason, message, row }) => [reason, row, message]),
    ).toEqual([
      [
        'not-a-number',
        5,
        'Row 5: column 3 (y) holds “broken”, not a number. Windows that touch it are left out.',
      ],
      ['missing-value', 9, 'Row 9: column 3 (y) is empty. Windows that touch it are left out.'],
      ['not-a-number', 12, 'Row 12: 4 columns instead of 3. Windows that touch it are left out.'],
      [
        'not-a-number',
        20,
        'Rows 20 to 25: column 2 (x) holds “x”, not a number. Windows that touch them are left out.',
      ],
    ]);
  });

  it('cost windows, which are counted', () => {
    expect(messages({ badRows: [bad(5, 'x')], counts: { bad: 3, faulty: 0, mixed: 0 } }).at(-1)).toBe(
      '3 windows are left out because of a row that cannot be used.',
    );
    const many = Array.from({ length: 60 }, (_, at) => bad(at + 2, 'x'));
    const found = told({ badRows: many, counts: { bad: 7, faulty: 0, mixed: 0 } });
    expect(found).toHaveLength(51);
    expect(found.at(-1)).toMatchObject({
      severity: 'left-out',
      reason: 'windows-with-bad-rows',
      message:
        '7 windows are left out because of rows that cannot be used. Only the first 50 of 60 places are listed.',
    });
  });

  it('may be filled with the last known value', () => {
    expect(messages({ heldCount: 12 })).toEqual(['12 missing values were filled with the last known one.']);
  });
});

describe('the clock', () => {
  it('is told where it jumps', () => {
    const breaks = [
      { row: 10, line: 11, seconds: 125 },
      { row: 20, line: 21, seconds: -0.5 },
    ];
    expect(
      told({ watch: { breaks, hz: 100 } }).map(({ reason, message, row }) => [reason, row, message]),
    ).toEqual([
      ['time-gap', 11, 'The time jumps by 2 min 5 s in row 11. No window lies across.'],
      ['time-goes-back', 21, 'The time goes back by 500 ms in row 21. No window lies across.'],
    ]);
    const many = Array.from({ length: 53 }, (_, row) => ({ row, line: row + 1, seconds: 1 }));
    expect(messages({ watch: { breaks: many, hz: 100 } }).at(-1)).toBe(
      '3 more jumps of the time are not listed; no window lies across.',
    );
  });

  it('is told where it went at another rate over the whole file', () => {
    expect(messages({ watch: { breaks: [], hz: 50 } })).toEqual([
      'Over the whole file the times say 50 Hz, not 100 Hz.',
    ]);
    expect(messages({ watch: { breaks: [], hz: 105 } })).toEqual([]);
    expect(messages({ watch: { breaks: [], hz: null } })).toEqual([]);
  });
});
