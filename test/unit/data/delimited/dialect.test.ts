import { describe, expect, it } from 'vitest';
import { detectDialect } from '../../../../src/data/delimited/dialect.ts';
import { decideNumbers } from '../../../../src/data/delimited/numbers.ts';

const detect = (first: string, options = {}) => detectDialect({ first, later: [] }, options);
const rows = (row: string, count = 20) => `${row}\n`.repeat(count);

describe('the way a text is written', () => {
  it.each([
    ['commas', 'x,y\n1,2\n3,4\n', ',', ['x', 'y'], 1],
    ['semicolons and decimal commas', '1,5;2,25\n-3,5;4\n', ';', null, 0],
    ['tabs', 'a b\tc\n1\t2\n', '\t', ['a b', 'c'], 1],
    ['runs of spaces', '  1   2.5 3\n 4  5 6\n', 'whitespace', null, 0],
    ['bars and comments', '# made by a logger\n1|2\n3|4\n', '|', null, 1],
    ['Windows line ends', '"emg 1","emg 2"\r\n1,2\r\n', ',', ['emg 1', 'emg 2'], 1],
    ['a line sep=;', 'sep=;\nx;y\n1;2\n', ';', ['x', 'y'], 2],
    ['lines of facts above', `Device: X\nRate,250\n\nx,y,z\n${rows('1,2,3')}`, ',', ['x', 'y', 'z'], 4],
    ['names in a comment', `# x y z\n${rows('1.5 2 3')}`, 'whitespace', ['x', 'y', 'z'], 1],
    ['names of rows', `"x" "y"\n${rows('"1" 0.5 0.25')}`, 'whitespace', ['', 'x', 'y'], 1],
    ['dates with spaces', rows('2024-01-02 10:00:00,1.5,2'), ',', null, 0],
    [
      'quotes over several lines',
      `"what\nthey said",age\n${rows('"it is,\n# ""fine""\n\nreally",42')}`,
      ',',
      ['what they said', 'age'],
      2,
    ],
    [
      'groups of names',
      `EMG,,IMU,\na,b,a,b\n${rows('1,2,3,4')}`,
      ',',
      ['EMG a', 'EMG b', 'IMU a', 'IMU b'],
      2,
    ],
  ] as const)('is told for %s', (_, head, delimiter, header, dataLine) => {
    expect(detect(head)).toMatchObject({ delimiter, header, dataLine });
  });

  it('knows a missing value in the first row from a header', () => {
    expect(detect('1,NaN\n2,3\n')).toMatchObject({ header: null, columnCount: 2 });
  });

  it('takes a line of units for no names', () => {
    expect(detect(`t,a\ns,mV\n${rows('0.1,2.5')}`)).toMatchObject({ header: ['t', 'a'], units: ['s', 'mV'] });
  });

  it('reads a rate that a line above the data states', () => {
    expect(detect(`% Sample Rate = 250 Hz\n${rows('1,2')}`)?.statedRate).toBe(250);
    expect(detect(`Sampling frequency: 2 kHz\n${rows('1,2')}`)?.statedRate).toBe(2000);
  });

  it('lets the user say where the names stand', () => {
    const text = `7,8\n${rows('1,2')}`;
    expect(detect(text, { headerLine: 1 })).toMatchObject({ header: ['7', '8'], dataLine: 1 });
    expect(detect(`x,y\n${rows('1,2')}`, { headerLine: 0 })).toMatchObject({ header: null });
  });

  it('takes a line within names over several lines for these, and refuses one without any', () => {
    const text = `"first\nname",age\n\ntext,years\n${rows('Ada,36')}`;
    for (const headerLine of [1, 2])
      expect(detect(text, { headerLine })).toMatchObject({ header: ['first name', 'age'], headerLine: 1 });
    expect(detect(text, { headerLine: 4 })).toMatchObject({
      header: ['text', 'years'],
      headerLine: 4,
      dataLine: 4,
    });
    expect(() => detect(text, { headerLine: 3 })).toThrow(
      'Line 3 is to hold the names of columns (text.headerLine), and it is empty. Say which line does, 0 for none.',
    );
    expect(() => detect('x,y\n1,2', { headerLine: 9 })).toThrow('that is looked at has 2 lines');
  });

  it('tells one column of decimal commas from two columns, and says where nothing tells', () => {
    expect(detect('0,05\n0,61\n1,23\n')).toMatchObject({ columnCount: 1 });
    const wholes = Array.from({ length: 60 }, (_, at) => `${at % 7},${at + 5}\n`).join('');
    expect(detect(wholes)).toMatchObject({ columnCount: 2, commaIsEither: false });
    expect(detect('1,5\n2,7\n3,12\n')).toMatchObject({ commaIsEither: true });
    expect(detect('1,5\n2,7\n3,12\n', { decimal: 'comma' })).toMatchObject({
      columnCount: 1,
      commaIsEither: false,
    });
  });
});

describe('the way numbers are written', () => {
  const decide = (...cells: string[]) =>
    decideNumbers(detect(cells.map((cell) => `${cell};x\n`).join(''))!.evidence);
  it.each([
    [['0.5', '12.25'], { decimal: '.', thousands: '', doubt: null }],
    [['0,5', '12,25'], { decimal: ',', thousands: '', doubt: null }],
    [['1.234,5', '0,5'], { decimal: ',', thousands: '.', doubt: null }],
    [['1,234.5', '7'], { decimal: '.', thousands: ',', doubt: null }],
    [['1,234', '0.5'], { decimal: '.', thousands: ',', doubt: null }],
    [['1,234,567', '7'], { decimal: '.', thousands: ',', doubt: null }],
    [['1 234,5', '7'], { decimal: ',', thousands: ' ', doubt: null }],
    [['1,234', '2,500'], { decimal: ',', thousands: '', doubt: 'comma-either' }],
    [['1.234', '2.500'], { decimal: '.', thousands: '', doubt: 'point-either' }],
    [['1', '2'], { decimal: null, thousands: '', doubt: null }],
    [['0,5', '0,7', '0.5'], { decimal: ',', thousands: '', doubt: 'mixed' }],
  ] as const)('is told for %s', (cells, expected) => {
    expect(decide(...cells)).toEqual(expected);
  });
});
