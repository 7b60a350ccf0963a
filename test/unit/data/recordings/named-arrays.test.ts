import { describe, expect, it } from 'vitest';
import {
  findAxes,
  recordingOfArrays,
  type ArrayChoices,
  type NamedArray,
} from '../../../../src/data/recordings/named-arrays.ts';

const close = () => Promise.resolve();
const array = (name: string, dims: number[], values: number[] | string[] = []): NamedArray => ({
  name,
  dims,
  kind: typeof values[0] === 'string' ? 'texts' : 'numbers',
  rows: (axes, from, to) => Promise.resolve(Float32Array.of(axes.length, from, to)),
  values: () => Promise.resolve(values),
});
const open = (arrays: NamedArray[], choices: ArrayChoices = {}) =>
  recordingOfArrays('Test', arrays, choices, close);

describe('what the axes are', () => {
  const axesOf = (dims: number[], alike: number[] = [], names: number | null = null) =>
    findAxes(array('X', dims), alike, names).join(' × ');

  it.each<[string, number[], number[], number | null, string]>([
    ['one axis is time', [500], [], null, 'time'],
    ['a row is time, too', [1, 500], [], null, 'channel × time'],
    ['and a column', [500, 1], [], null, 'time × channel'],
    ['names tell the channels', [6, 8], [], 8, 'time × channel'],
    ['whichever side', [6, 8], [], 6, 'channel × time'],
    ['time is at least four times as long', [4, 16], [], null, 'channel × time'],
    ['labels of every row are labels in time', [100, 4], [100], null, 'time × channel'],
    ['as many labels as the short side has are those of trials', [20, 400], [20], null, 'trial × time'],
    ['labels and names tell all three', [30, 7, 90], [30], 7, 'trial × channel × time'],
    ['labels tell the trials, length the time', [4, 100, 30], [30], null, 'channel × time × trial'],
    ['groups do as well as labels', [4, 100, 30], [17, 30], null, 'channel × time × trial'],
  ])('%s: %j', (_what, dims, alike, names, axes) => {
    expect(axesOf(dims, alike, names)).toBe(axes);
  });

  it.each<[number[], number[], number | null, string]>([
    [
      [10, 12],
      [],
      null,
      '“X” is 10 × 12, and nothing tells which axis is time. Say what its axes are (axes), for example channel × time.',
    ],
    [
      [5, 10, 12],
      [],
      null,
      '“X” is 5 × 10 × 12, and nothing tells which axis is time. Say what its axes are (axes), for example trial × channel × time.',
    ],
    // As many channels as trials: neither names nor labels tell them apart.
    [
      [10, 10, 90],
      [10],
      10,
      '“X” is 10 × 10 × 90, and nothing tells which axis is time. Say what its axes are (axes), for example trial × channel × time.',
    ],
    [[2, 3, 4, 5], [], null, '“X” has 4 axes; recordings have one to three.'],
    [[], [], null, '“X” has 0 axes; recordings have one to three.'],
  ])('asks for those of %j', (dims, alike, names, message) => {
    expect(() => axesOf(dims, alike, names)).toThrow(message);
  });
});

describe('what is what', () => {
  it('finds data, rate, names, person, labels and groups by name and size', async () => {
    const recording = await open([
      array('EEG.X', [6, 2, 50]),
      array('EEG.y', [1, 6], [1, 2, 1, 2, 1, 2]),
      array('session_ids', [6], ['a', 'a', 'a', 'b', 'b', 'b']),
      array('s_freq', [1, 1], [250]),
      array('ch_names', [2], ['C3', 'C4']),
      array('subject', [1], [' P7 ']),
    ]);
    const [track] = recording.tracks;
    expect(track).toMatchObject({ rate: 250, length: 300, channels: [{ name: 'C3' }, { name: 'C4' }] });
    expect(track!.stretches[1]).toEqual({
      start: 50,
      end: 100,
      seconds: 0,
      label: '2',
      columns: { session: 'a' },
    });
    expect(track!.stretches[5]!.columns).toEqual({ session: 'b' });
    expect(recording).toMatchObject({ format: 'Test', subject: 'P7', events: [] });
    expect(recording.notes).toEqual(['The data are “EEG.X” (6 trials × 2 channels × 50 in time).']);
    expect([...(await track!.read(3, 9))]).toEqual([3, 3, 9]);
  });

  it('says that it numbers the channels where there are not as many names', async () => {
    const recording = await open([array('X', [2, 50]), array('ch_names', [3], ['C3', 'C4', 'Cz'])]);
    expect(recording.tracks[0]!.channels.map(({ name }) => name)).toEqual(['channel 1', 'channel 2']);
    expect(recording.notes[1]).toBe('The file has 3 names for 2 channels: they are numbered instead.');
  });

  it('makes events of the labels of rows: equal ones that follow each other are one', async () => {
    const labels = array('labels', [8], [0, 0, 0, 1, 1, 0, 0, 2]);
    const { events } = await open([array('X', [8, 2]), labels, array('fs', [1], [4])]);
    expect(events).toEqual([
      { seconds: 0, duration: 0.75, name: '0' },
      { seconds: 0.75, duration: 0.5, name: '1' },
      { seconds: 1.25, duration: 0.5, name: '0' },
      { seconds: 1.75, duration: 0.25, name: '2' },
    ]);
    const without = await open([array('X', [8, 2]), labels]);
    expect(without.events[1]).toEqual({ seconds: 3, duration: 2, name: '1' });
  });

  it('does as it is told: array, axes, labels and groups', async () => {
    const arrays = [
      array('a', [3, 4, 5]),
      array('b', [300]),
      array('kind', [4], [1, 2, 3, 4]),
      array('who', [4], [5, 5, 6, 6]),
    ];
    const { tracks } = await open(arrays, {
      variable: 'a',
      axes: ['channel', 'trial', 'time'],
      labels: 'kind',
      groups: 'who',
    });
    expect(tracks[0]!.length).toBe(20);
    expect(tracks[0]!.channels).toHaveLength(3);
    expect(tracks[0]!.stretches[2]).toMatchObject({ label: '3', columns: { who: '6' } });
  });

  it('needs no word about the one axis of a series', async () => {
    const { tracks } = await open([array('X', [50])], { axes: ['time', 'channel'] });
    expect(tracks[0]!.length).toBe(50);
  });

  it.each<[NamedArray[], ArrayChoices, string, string]>([
    [[], {}, 'empty', 'The file holds no array of numbers.'],
    [[array('n', [5], ['a', 'b', 'c', 'd', 'e'])], {}, 'empty', 'The file holds no array of numbers.'],
    [
      [array('a', [10, 50]), array('b', [20, 30])],
      {},
      'variable-unclear',
      '“b” and “a” could both be the data. Name the one that is (variable): “a” (10 × 50), “b” (20 × 30).',
    ],
    [[array('a', [50])], { variable: 'c' }, 'no-variable', 'There is no “c” for the data: “a” (50).'],
    [[], { labels: 'c' }, 'no-variable', 'There is no “c” for the labels: the file holds no arrays.'],
    [
      [array('a', [5, 50])],
      { axes: ['trial', 'channel'] },
      'axes',
      '“a” has 2 axes (5 × 50); “trial × channel” does not fit.',
    ],
    [
      [array('a', [5, 50])],
      { axes: ['time', 'time'] },
      'axes',
      '“a” has 2 axes (5 × 50); “time × time” does not fit.',
    ],
    [
      [array('X', [6, 2, 50]), array('y', [5], [1, 2, 3, 4, 5])],
      { axes: ['trial', 'channel', 'time'] },
      'other-count',
      '“y” has 5 values, “X” 6 trials.',
    ],
    [
      [
        array('X', [50, 2]),
        array(
          'y',
          [49],
          Array.from({ length: 49 }, () => 1),
        ),
      ],
      {},
      'other-count',
      '“y” has 49 values, “X” 50 rows.',
    ],
    [
      [array('X', [9, 2]), array('y', [6_000_000], [1])],
      { variable: 'X' },
      'too-many',
      '“y” has 6000000 values, too many for labels or names.',
    ],
  ])('refuses %#', async (arrays, choices, reason, message) => {
    await expect(open(arrays, choices)).rejects.toMatchObject({ reason, message });
  });

  it('passes over a rate that is none', async () => {
    expect((await open([array('X', [50]), array('fs', [1], [0])])).tracks[0]!.rate).toBeNull();
  });
});
