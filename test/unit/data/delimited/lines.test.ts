import { describe, expect, it } from 'vitest';
import { chooseDelimiter, type Delimiter } from '../../../../src/data/delimited/lines.ts';

const repeated = (line: (row: number) => string) => Array.from({ length: 12 }, (_, row) => line(row));

describe('the delimiter of lines', () => {
  it.each<[string, Delimiter, string[]]>([
    ['a cell that holds a space in every line', ',', repeated((row) => `cat/${row}.png,subject ${row % 3}`)],
    ['the same with semicolons', ';', repeated((row) => `cat/${row}.png;subject ${row % 3}`)],
    ['spaces between numbers with decimal commas', 'whitespace', repeated((row) => `${row},5 ${row + 1},25`)],
    ['spaces between numbers', 'whitespace', repeated((row) => `${row}.5 ${row + 1} 7`)],
    ['a comma and a space behind it', ',', repeated((row) => `${row}.5, ${row + 1}, 7`)],
  ])('%s', (_, delimiter, lines) => {
    expect(chooseDelimiter(lines, lines[0]!).delimiter).toBe(delimiter);
  });
});
