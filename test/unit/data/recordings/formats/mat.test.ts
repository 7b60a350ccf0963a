import { expect, it, onTestFinished } from 'vitest';
import { bytesInMemory } from '../../../../../src/data/recordings/bytes.ts';
import { flatten, openMat } from '../../../../../src/data/recordings/formats/mat.ts';
import { openMat5 } from '../../../../../src/data/recordings/formats/mat5.ts';
import type { ArrayChoices } from '../../../../../src/data/recordings/named-arrays.ts';
import {
  cells,
  doubles,
  element,
  mat,
  matrix,
  shorts,
  struct,
  text,
  textMatrix,
} from '../../../../fixtures/recordings/made-mat.ts';

async function open(bytes: Buffer, choices: ArrayChoices = {}) {
  const recording = await openMat(bytesInMemory(bytes), choices);
  onTestFinished(() => recording.close());
  return recording;
}
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);
/** What lies beside the data in a file that somebody kept. */
const beside = [
  shorts('fs', [1, 1], [250]),
  cells('chan_names', [1, 2], text('', 'C3'), text('', 'C4')),
  text('subject', 'S07'),
];

it('finds the data, its rate, its channels’ names and the person', async () => {
  const recording = await open(mat(...beside, doubles('X', [2, 20], upTo(40))));
  expect(recording).toMatchObject({
    format: 'MATLAB 5',
    subject: 'S07',
    notes: ['The data are “X” (2 channels × 20 in time).'],
  });
  const [track] = recording.tracks;
  expect(track).toMatchObject({ rate: 250, length: 20 });
  expect(track!.channels.map(({ name }) => name)).toEqual(['C3', 'C4']);
  // First axis fastest: both channels of a time stand beside each other.
  expect([...(await track!.read(3, 5))]).toEqual([6, 7, 8, 9]);
});

it('takes each row of a matrix of letters for a name, as MATLAB’s older files keep them', async () => {
  const recording = await open(
    mat(
      textMatrix('labels', ['left ', 'right', 'left ']),
      textMatrix('chan_names', ['Fp1', 'C3 ']),
      doubles('X', [3, 2, 20], upTo(120)),
    ),
    { axes: ['trial', 'channel', 'time'] },
  );
  const [track] = recording.tracks;
  expect(track!.channels.map(({ name }) => name)).toEqual(['Fp1', 'C3']);
  expect(track!.stretches.map(({ label }) => label)).toEqual(['left', 'right', 'left']);
});

it('looks into structures of one element and names what is in them by its path', async () => {
  const bytes = mat(
    struct('EEG', { data: doubles('', [20, 2], upTo(40)), srate: shorts('', [1, 1], [100]) }),
    doubles('other', [30, 2], upTo(60)),
  );
  await expect(open(bytes)).rejects.toMatchObject({
    reason: 'variable-unclear',
    message:
      '“other” and “EEG.data” could both be the data. Name the one that is (variable): “EEG.data” (20 × 2), “other” (30 × 2).',
  });
  const [track] = (await open(bytes, { variable: 'EEG.data' })).tracks;
  expect(track!.rate).toBe(100);
  expect([...(await track!.read(1, 3))]).toEqual([1, 21, 2, 22]);
});

it('takes a text, and cells of texts alone, for texts; cells of anything else for nothing', async () => {
  const namesOf = async (variable: Buffer) => {
    const { variables, close } = await openMat5(bytesInMemory(mat(variable)));
    onTestFinished(close);
    const found = flatten(variables[0]!.name, await variables[0]!.load());
    return Promise.all(
      found.map(async ({ name, kind, dims, values }) => ({ name, kind, dims, values: await values() })),
    );
  };
  expect(await namesOf(text('t', 'abc'))).toEqual([{ name: 't', kind: 'texts', dims: [1], values: ['abc'] }]);
  expect(await namesOf(cells('c', [2, 1], text('', 'A'), text('', 'Bee')))).toEqual([
    { name: 'c', kind: 'texts', dims: [2, 1], values: ['A', 'Bee'] },
  ]);
  expect(await namesOf(cells('c', [1, 2], text('', 'A'), doubles('', [1, 1], [1])))).toEqual([]);
  expect(
    await namesOf(struct('s', { a: doubles('', [1, 1], [1]) }, { a: doubles('', [1, 1], [2]) })),
  ).toEqual([]);
  expect(await namesOf(struct('s', { a: struct('', { b: doubles('', [1, 1], [8]) }) }))).toEqual([
    { name: 's.a.b', kind: 'numbers', dims: [1, 1], values: [8] },
  ]);
});

it('reads texts of one byte a letter as UTF-8', async () => {
  const name = matrix('subject', 4, [1, 3], element(2, Buffer.from('Zoë')));
  expect((await open(mat(name, doubles('X', [2, 20], upTo(40))))).subject).toBe('Zoë');
});

it('never takes a text for data', async () => {
  await expect(open(mat(text('notes', 'a long story')))).rejects.toMatchObject({
    reason: 'empty',
    message: 'The file holds no array of numbers.',
  });
  await expect(
    open(mat(text('notes', 'story'), doubles('X', [2, 20], upTo(40))), { variable: 'gone' }),
  ).rejects.toMatchObject({
    reason: 'no-variable',
    message: 'There is no “gone” for the data: “notes” (1), “X” (2 × 20).',
  });
});
