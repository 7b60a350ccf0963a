import { describe, expect, it } from 'vitest';
import { guessColumn } from '../../../../src/data/tables/kinds.ts';

const guess = (cells: (string | null)[], name = 'column') => guessColumn({ name, cells });
const of = (count: number, cell: (row: number) => string | null) =>
  Array.from({ length: count }, (_, row) => cell(row));

describe('what a column seems to be', () => {
  it.each([
    ['number', 'feature', ['1.5', '-2', null, '3e4', '.5']],
    ['whole-number', 'feature', ['39', '50', '38', '53']],
    ['yes-no', 'feature', ['Yes', 'no', null, 'yes']],
    ['yes-no', 'feature', ['0', '1', '1', '0']],
    ['category', 'feature', ['1', '2', '2', '1']],
    ['category', 'feature', ['Private', 'State-gov', 'Private', null]],
    ['date', 'feature', ['2024-03-01', '2024-03-02T10:15', '2023-12-31 23:59:59']],
    ['text', 'left-out', [null, null]],
    ['category', 'left-out', ['Bern', 'Bern', null]],
  ] as const)('is %s, %s, of %j', (kind, use, cells) => {
    expect(guess([...cells])).toMatchObject({ name: 'column', kind, use });
  });

  it('is no feature where it names or counts the rows', () => {
    expect(guess(of(30, (row) => `patient ${row * 7}`))).toMatchObject({ kind: 'text', use: 'left-out' });
    expect(guess(of(30, (row) => String(row + 1)))).toMatchObject({
      use: 'left-out',
      reason: 'It counts the rows.',
    });
    // Some rows were left out since they were counted.
    const withGaps = of(40, (row) => String(row + 1 + Math.floor(row / 9)));
    expect(guess(withGaps)).toMatchObject({ use: 'left-out', reason: 'It counts the rows, with gaps.' });
    const shuffled = of(30, (row) => String(1000 + ((row * 37) % 101)));
    for (const name of ['id', 'Patient_ID', 'subjectId', 'Unnamed: 0'])
      expect(guess(shuffled, name)).toMatchObject({
        use: 'left-out',
        reason: 'An identifier, by its name: every number is another.',
      });
    for (const name of ['paid', 'humid', 'fluid intake'])
      expect(guess(shuffled, name)).toMatchObject({ use: 'feature' });
    // All different, but in no order: they may be measurements.
    expect(guess(of(30, (row) => String((row * 37) % 101)))).toMatchObject({
      kind: 'whole-number',
      use: 'feature',
    });
  });

  it('is no category where there would be as many as rows, and says which cell is no number', () => {
    expect(guess(of(40, (row) => `note ${row % 25}`))).toMatchObject({ kind: 'text', use: 'left-out' });
    const mixed = guess(of(40, (row) => (row === 17 ? 'low' : String(row % 4))));
    expect(mixed).toMatchObject({ kind: 'category', use: 'feature' });
    expect(mixed.reason).toBe('39 cells are numbers, but “low” is none.');
  });
});
