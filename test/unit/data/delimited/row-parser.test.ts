import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { ClockWatch } from '../../../../src/data/delimited/clock-watch.ts';
import { toNumber } from '../../../../src/data/delimited/numbers.ts';
import { RowParser, type ParserPlan } from '../../../../src/data/delimited/row-parser.ts';

const point = { decimal: '.', thousands: '' } as const;
const plan = (changes: Partial<ParserPlan> = {}): ParserPlan => ({
  delimiter: ',',
  format: point,
  dataLine: 0,
  columnCount: changes.channelColumns?.length ?? 1,
  channelColumns: [0],
  labelColumn: null,
  numberLabels: false,
  groupColumns: [],
  clock: null,
  holdMissing: false,
  ...changes,
});

function parse(text: string, changes: Partial<ParserPlan>): { values: number[]; parser: RowParser } {
  const parser = new RowParser(plan(changes));
  const values = [...parser.push(Buffer.from(text)), ...parser.finish()];
  return { values, parser };
}

describe('numbers', () => {
  it('are the ones JavaScript reads, rounded to float32, wherever chunks are cut', () => {
    const written = [
      '0',
      '-7',
      '+3.25',
      '.5',
      '1e-3',
      '-2.5E+4',
      '123456789012345678',
      '0.1',
      '3.141592653589793',
      '6.',
      '1e-30',
    ];
    const data = Buffer.from(`${written.join('\n')}\n`);
    for (let cut = 1; cut < data.length; cut += 1) {
      const parser = new RowParser(plan());
      const found = [
        ...parser.push(data.subarray(0, cut)),
        ...parser.push(data.subarray(cut)),
        ...parser.finish(),
      ];
      expect(found).toEqual(written.map((word) => Math.fround(Number(word))));
      expect(parser.badRows).toEqual([]);
    }
  });

  it('are not made of anything else', () => {
    for (const word of ['abc', '1.2.3', '0x10', 'Infinity', '1e', '--1', '1 2', '', 'NaN', '1e99']) {
      const { parser } = parse(`5,${word}\n`, { channelColumns: [0, 1] });
      expect(parser.badRows, word).toMatchObject([{ start: 0, end: 1, line: 1, column: 1, text: word }]);
    }
  });

  it('may have decimal commas and grouped thousands', () => {
    const german = {
      delimiter: ';',
      format: { decimal: ',', thousands: '.' },
      channelColumns: [0, 1],
    } as const;
    const { values, parser } = parse('1.234,5;-0,25\n1.234.567;7\n1.23;4\n', german);
    // The last known value stands where there is none.
    expect(values).toEqual([1234.5, -0.25, 1234567, 7, 1234567, 4]);
    expect(parser.badRows).toMatchObject([{ line: 3, text: '1.23' }]);
    const swiss = { delimiter: ';', format: { decimal: '.', thousands: "'" } } as const;
    expect(parse("1'234.5\n", swiss).values).toEqual([1234.5]);
  });

  it('may turn out to have decimal commas late', () => {
    const { values } = parse('0;1\n0,5;-1,25\n', {
      delimiter: ';',
      format: { decimal: null, thousands: '' },
      channelColumns: [0, 1],
    });
    expect(values).toEqual([0, 1, 0.5, -1.25]);
  });
});

describe('rows', () => {
  it('are cut into cells as Papa Parse does', () => {
    const rows = [
      ['1', '2', '3'],
      ['"4"', '"5"', '6'],
      ['"0,5"', '"1,5"', '"-2,25"'],
      ['7', ' "8" ', '9 '],
    ];
    const text = rows.map((row) => row.join(',')).join('\n') + '\n';
    const german = { decimal: ',', thousands: '' } as const;
    const expected = Papa.parse<string[]>(text, { delimiter: ',', skipEmptyLines: true }).data.map((row) =>
      row.map((cell) => toNumber(cell.replaceAll('"', '').trim(), german)),
    );
    const { values } = parse(text, { format: german, channelColumns: [0, 1, 2] });
    expect(values).toEqual(expected.flat());
  });

  it('leave out what stands above the data, comments, and an empty column at the end', () => {
    const text = 'made by a logger\nx;y;\n1;2;\n# pause\n3;4\n% pause\n\n5;6;\n';
    const { values, parser } = parse(text, {
      delimiter: ';',
      dataLine: 2,
      columnCount: 3,
      channelColumns: [0, 1],
    });
    expect(values).toEqual([1, 2, 3, 4, 5, 6]);
    expect(parser.badRows).toEqual([]);
  });

  it('hold the last known value where one is missing, and only where it is asked for', () => {
    const text = 'NaN,1\n5,2\n,3\nbad,4\nNA,5\n';
    const held = parse(text, { channelColumns: [0, 1], holdMissing: true });
    expect(held.values).toEqual([0, 1, 5, 2, 5, 3, 5, 4, 5, 5]);
    expect(held.parser.badRows.map(({ start }) => start)).toEqual([0, 3]);
    expect(held.parser.heldCount).toBe(2);
    const dropped = parse(text, { channelColumns: [0, 1] });
    expect(dropped.parser.badRows.flatMap(({ start, end }) => [start, end])).toEqual([0, 1, 2, 5]);
  });

  it('give runs of labels and groups, 1 and 1.0 being one, and words for nothing none', () => {
    const { parser } = parse('1,a,s1\n2,a,s1\n3,NA,s2\n4,b,s2\n', {
      columnCount: 3,
      labelColumn: 1,
      groupColumns: [2],
    });
    expect([parser.labels.starts, parser.labels.ids, parser.labels.values]).toEqual([
      [0, 2, 3],
      [0, -1, 1],
      ['a', 'b'],
    ]);
    expect(parser.groups[0]).toMatchObject({ starts: [0, 2], ids: [0, 1], values: ['s1', 's2'] });
    expect(parse('1,1\n2,1.0\n', { columnCount: 2, labelColumn: 1 }).parser.labels.values).toEqual(['1']);
  });

  it('tell of gaps and of time that goes back, in numbers and in dates', () => {
    const watch = new ClockWatch(10);
    const times = [0, 0.1, 0.2, 0.35, 0.4, 5, 5.1, 2, 2.1];
    parse(times.map((time, at) => `${at},${time * 1000}\n`).join(''), {
      columnCount: 2,
      clock: { column: 1, secondsPerOne: 1e-3, watch },
    });
    expect(watch.breaks).toEqual([
      { row: 5, line: 6, seconds: expect.closeTo(4.6, 9) },
      { row: 7, line: 8, seconds: expect.closeTo(-3.1, 9) },
    ]);
    const night = new ClockWatch(1);
    parse('1,23:59:58\n2,23:59:59\n3,00:00:00\n4,00:00:01\n', {
      columnCount: 2,
      clock: { column: 1, secondsPerOne: 1, watch: night },
    });
    expect(night.breaks).toEqual([]);
  });

  it('of a clock coarser than themselves have no gap', () => {
    const watch = new ClockWatch(100);
    for (let row = 0; row < 1000; row += 1) watch.add(Math.floor(row / 100), row, row + 1);
    expect(watch.breaks).toEqual([]);
    expect(watch.hz).toBeCloseTo(100, 6);
  });
});
