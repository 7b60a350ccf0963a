import { describe, expect, it } from 'vitest';
import {
  hasSegments,
  parseWfdbHeader,
  parseWfdbSegments,
} from '../../../../../src/data/recordings/formats/wfdb-header.ts';

// The example of the format's description (header(5) of WFDB), as MIT-BIH has it.
const mit = `100 2 360 650000 0:0:0 0/0/0
100.dat 212 200 11 1024 995 -22131 0 MLII
100.dat 212 200 11 1024 1011 20052 0 V5
# 69 M 1085 1629 x1
# Aldomet, Inderal
`;

describe('a record', () => {
  it('reads the record 100 of MIT-BIH', () => {
    const header = parseWfdbHeader(mit);
    expect(header).toMatchObject({ name: '100', frameRate: 360, frames: 650_000, start: null, notes: [] });
    expect(header.signals).toEqual([
      {
        file: '100.dat',
        format: 212,
        samplesPerFrame: 1,
        byteOffset: 0,
        gain: 200,
        baseline: 1024,
        unit: 'mV',
        name: 'MLII',
      },
      {
        file: '100.dat',
        format: 212,
        samplesPerFrame: 1,
        byteOffset: 0,
        gain: 200,
        baseline: 1024,
        unit: 'mV',
        name: 'V5',
      },
    ]);
  });

  it('reads all that a line of a signal may say', () => {
    const line = 'a b.dat'.replace(' ', '_') + ' 16x4:3+512 12.5(-7)/mmHg 12 3 0 0 0 Blood pressure (left)';
    const { signals, notes, start, frameRate } = parseWfdbHeader(
      `r 1 250/125(4) 10 1:02:03.5 3/4/2021\r\n${line}\r\n`,
    );
    expect(signals[0]).toEqual({
      file: 'a_b.dat',
      format: 16,
      samplesPerFrame: 4,
      byteOffset: 512,
      gain: 12.5,
      baseline: -7,
      unit: 'mmHg',
      name: 'Blood pressure (left)',
    });
    expect(notes).toEqual(['Signal 1 is shifted by 3 samples, which is not undone.']);
    expect([start, frameRate]).toEqual(['2021-04-03T01:02:03', 250]);
  });

  it('fills in what the description gives for what is left out', () => {
    const { signals, frames, frameRate } = parseWfdbHeader('r 2\nx.dat 16\nx.dat 16 0/mV 11 100\n');
    expect([frames, frameRate]).toEqual([null, null]);
    // 200 steps a millivolt; the middle of the converter is the baseline where none is told.
    expect(signals.map(({ gain, baseline, unit, name }) => [gain, baseline, unit, name])).toEqual([
      [200, 0, 'mV', 'channel 1'],
      [200, 100, 'mV', 'channel 2'],
    ]);
    expect(parseWfdbHeader('r 1 100 0\nx.dat 16\n').frames).toBeNull();
  });

  it.each([
    ['# only a remark\n', 'empty', 'The header holds no line of a record.'],
    ['Dear diary, nothing\n', 'wrong-magic', 'The file does not begin as the header of a WFDB record does.'],
    ['r 0 100 5\n', 'empty', 'The record holds no signals.'],
    ['r 2 100\nx.dat 16\n', 'broken', 'The header counts 2 signals and describes 1.'],
    ['r 99999 100\nx.dat 16\n', 'broken', 'The header counts 99999 signals and describes 1.'],
    ['r/2 1 100\nx 5\ny 5\n', 'broken', 'A segment is put together of segments itself.'],
    ['r 1 -5\nx.dat 16\n', 'broken', 'The header gives “-5” as frames a second.'],
    ['r 1 100 many\nx.dat 16\n', 'broken', 'The header gives “many” as the number of frames.'],
    ['r 1 100\nx.dat\n', 'broken', 'The line of signal 1 cannot be understood: “x.dat”.'],
    ['r 1 100\nx\0y 16\n', 'broken', 'The line of signal 1 holds bytes that are no text.'],
    [
      'r 1 100\nx.dat 310\n',
      'unsupported',
      'Signal 1 is written in format 310; 16, 24, 32, 61, 80, 212 are read.',
    ],
    ['r 1 100\nx.dat 16x0\n', 'broken', 'Signal 1 has 0 samples a frame.'],
    ['r 1 100\nx.dat 16 1.2.3\n', 'broken', 'The gain of signal 1 is “1.2.3”.'],
  ])('refuses %j', (text, reason, message) => {
    expect(() => parseWfdbHeader(text)).toThrow(expect.objectContaining({ reason, message }));
  });
});

describe('a record of segments', () => {
  it('is told by the stroke in its name', () => {
    expect(hasSegments('# a\n\ns1/3 2 360\n')).toBe(true);
    expect(hasSegments(mit)).toBe(false);
    expect(hasSegments('')).toBe(false);
  });

  it('lists segments and gaps', () => {
    expect(parseWfdbSegments('s/3 2 360 45 10:00:00 1/2/2020\ns_1 20\n~ 5\ns_2 20\n')).toEqual({
      name: 's',
      frameRate: 360,
      start: '2020-02-01T10:00:00',
      segments: [
        { name: 's_1', frames: 20 },
        { name: '~', frames: 5 },
        { name: 's_2', frames: 20 },
      ],
      layout: null,
    });
  });

  it('takes a first segment without frames for the layout of signals that differ', () => {
    const found = parseWfdbSegments('s/2 2 360\ns_layout 0\ns_1 20\n');
    expect(found.layout).toBe('s_layout');
    expect(found.segments).toEqual([{ name: 's_1', frames: 20 }]);
  });

  it.each([
    ['s/2 1 100\ns_1 5\n', 'broken', 'The header counts 2 segments and names 1.'],
    ['s/none 1 100\ns_1 5\n', 'broken', 'The header counts NaN segments and names 1.'],
    ['s/1 1 100\ns_1 five\n', 'broken', 'The line of segment 1 cannot be understood: “s_1 five”.'],
    ['s/1 1 100\n~ 5\n', 'empty', 'The record holds no segments.'],
  ])('refuses %j', (text, reason, message) => {
    expect(() => parseWfdbSegments(text)).toThrow(expect.objectContaining({ reason, message }));
  });
});
