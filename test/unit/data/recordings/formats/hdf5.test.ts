import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { File, ready } from 'h5wasm/node';
import { expect, it, onTestFinished } from 'vitest';
import { openMat73 } from '../../../../../src/data/recordings/formats/hdf5.ts';
import type { ArrayChoices } from '../../../../../src/data/recordings/named-arrays.ts';
import { folderOf } from '../../../../fixtures/imports.ts';

type Filling = (file: File) => void;

/** A file that the library of HDF5 writes. */
async function made(fill: Filling): Promise<string> {
  await ready;
  const path = join(await folderOf(), 'a.mat');
  const file = new File(path, 'w');
  fill(file);
  file.close();
  return path;
}
async function open(fill: Filling, choices: ArrayChoices = {}) {
  const recording = await openMat73(await made(fill), choices);
  onTestFinished(() => recording.close());
  return recording;
}
const upTo = (count: number) => Float64Array.from({ length: count }, (_, at) => at);
const word = (file: { create_dataset: File['create_dataset'] }, name: string, text: string) => {
  const data = Uint16Array.from(text, (letter) => letter.charCodeAt(0));
  file.create_dataset({ name, data, shape: [text.length, 1] }).create_attribute('MATLAB_class', 'char');
};

it('names axes as MATLAB does, which writes the last of them first', async () => {
  // In MATLAB 2 × 20; in the file [20, 2].
  const { format, tracks, subject, notes } = await open((file) => {
    file.create_dataset({ name: 'data', data: upTo(40), shape: [20, 2] });
    file.create_dataset({ name: 'fs', data: Float64Array.of(500), shape: [1, 1] });
    word(file, 'subject', 'S07');
  });
  expect([format, subject]).toEqual(['MATLAB 7.3', 'S07']);
  expect(notes).toEqual(['The data are “data” (2 channels × 20 in time).']);
  expect(tracks[0]).toMatchObject({ rate: 500, length: 20 });
  expect([...(await tracks[0]!.read(3, 5))]).toEqual([6, 7, 8, 9]);
});

it('takes each row of a matrix of letters for a name', async () => {
  const { tracks } = await open((file) => {
    file.create_dataset({ name: 'data', data: upTo(40), shape: [20, 2] });
    // In MATLAB 2 × 3; in the file [3, 2].
    const data = Uint16Array.from('FCp31 ', (letter) => letter.charCodeAt(0));
    file.create_dataset({ name: 'chan_names', data, shape: [3, 2] }).create_attribute('MATLAB_class', 'char');
  });
  expect(tracks[0]!.channels.map(({ name }) => name)).toEqual(['Fp1', 'C3']);
});

it('reads time before channels, and groups as structures', async () => {
  const { tracks } = await open((file) => {
    const group = file.create_group('EEG');
    group.create_dataset({ name: 'X', data: upTo(40), shape: [2, 20] });
    group.create_dataset({ name: 'srate', data: Int16Array.of(100), shape: [1, 1] });
  });
  expect(tracks[0]!.rate).toBe(100);
  expect([...(await tracks[0]!.read(1, 3))]).toEqual([1, 21, 2, 22]);
});

it('reads trials one behind the other, across their ends', async () => {
  const { tracks } = await open(
    (file) => {
      // In MATLAB 3 trials × 2 channels × 4 in time.
      file.create_dataset({ name: 'X', data: upTo(24), shape: [4, 2, 3] });
      file.create_dataset({ name: 'y', data: Int8Array.of(1, 2, 1), shape: [1, 3] });
    },
    { axes: ['trial', 'channel', 'time'] },
  );
  expect(tracks[0]!.stretches.map(({ end, label }) => [end, label])).toEqual([
    [4, '1'],
    [8, '2'],
    [12, '1'],
  ]);
  // In the file a value's place is time · 6 + channel · 3 + trial.
  expect([...(await tracks[0]!.read(2, 6))]).toEqual([12, 15, 18, 21, 1, 4, 7, 10]);
});

it('says which array it needs, and that a file is damaged', async () => {
  await expect(open((file) => word(file, 'note', 'nothing else'))).rejects.toMatchObject({
    reason: 'empty',
    message: 'The file holds no array of numbers.',
  });
  const path = join(await folderOf(), 'a.mat');
  await writeFile(path, 'no HDF5 at all');
  await expect(openMat73(path)).rejects.toMatchObject({
    reason: 'broken',
    message:
      'The file is damaged or cut off: what HDF5 keeps in it cannot be read. Copy it again from its source.',
  });
});
