import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openWfdb } from '../../../../../src/data/recordings/formats/wfdb.ts';
import { recordingFile } from '../../../../fixtures/recordings/expected.ts';
import { folderOf } from '../../../../fixtures/imports.ts';

async function open(header: string, files: Record<string, Uint8Array> = {}) {
  const folder = await folderOf({ 'r.hea': header, ...files });
  const recording = await openWfdb(join(folder, 'r.hea'));
  onTestFinished(() => recording.close());
  return recording;
}
const int16 = (...values: number[]) => new Uint8Array(Int16Array.from(values).buffer);

it('makes a track of the signals of one rate, the widest first', async () => {
  const recording = await open(
    'r 3 50 2 08:30:00 24/12/2019\nx.dat 16x2 1/mV 0 0 0 0 0 ECG\nx.dat 16 1/NU 0 0 0 0 0 Breath\ny.dat 80:2 1/% 0 0 0 0 0 SpO2\n',
    { 'x.dat': int16(1, 2, 10, 3, 4, 20), 'y.dat': Uint8Array.of(133, 134) },
  );
  expect(recording).toMatchObject({
    format: 'WFDB 16, 80',
    start: '2019-12-24T08:30:00',
    subject: null,
    events: [],
  });
  expect(recording.notes).toEqual(['Signal 3 is shifted by 2 samples, which is not undone.']);
  const [slow, fast] = recording.tracks;
  expect(slow).toMatchObject({
    rate: 50,
    length: 2,
    channels: [
      { name: 'Breath', unit: 'NU' },
      { name: 'SpO2', unit: '%' },
    ],
    stretches: [{ start: 0, end: 2, seconds: 0 }],
  });
  expect(fast).toMatchObject({ rate: 100, length: 4, channels: [{ name: 'ECG', unit: 'mV' }] });
  expect([...(await slow!.read(0, 2))]).toEqual([10, 5, 20, 6]);
  expect([...(await fast!.read(1, 4))]).toEqual([2, 3, 4]);
});

it('has no rate where the header says none, and then no annotations', async () => {
  // A beat after 1 sample: code 1, interval 1.
  const recording = await open('r 1\nx.dat 16 1\n', {
    'x.dat': int16(1),
    'r.atr': Uint8Array.of(1, 4, 0, 0),
  });
  expect(recording.tracks[0]!.rate).toBeNull();
  expect(recording.events).toEqual([]);
  expect(recording.notes).toEqual(['Its annotations are not read: no rate says when they are.']);
});

it('closes its samples where its annotations cannot be read', async () => {
  const broken = open('r 1 100\nx.dat 16 1\n', { 'x.dat': int16(1), 'r.atr': Uint8Array.of(0, 59 << 2, 0) });
  await expect(broken).rejects.toMatchObject({ reason: 'broken', message: 'The annotations are cut off.' });
});

it('opens a record of segments', async () => {
  const recording = await openWfdb(recordingFile('fixed.hea'));
  onTestFinished(() => recording.close());
  expect(recording.tracks[0]!.length).toBe(70);
});
