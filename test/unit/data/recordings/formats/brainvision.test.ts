import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openBrainVision } from '../../../../../src/data/recordings/formats/brainvision.ts';
import { folderOf } from '../../../../fixtures/imports.ts';

const header = `Brain Vision Data Exchange Header File Version 1.0
; a remark
[Common Infos]
Codepage=UTF-8
DataFile=$b.eeg
MarkerFile=$b.vmrk
DataFormat=BINARY
DataOrientation=MULTIPLEXED
NumberOfChannels=2
SamplingInterval=4000

[Binary Infos]
BinaryFormat=INT_16

[Channel Infos]
Ch1=Fp1,,0.5,µV
Ch2=EOG\\1 left,,2,
`;
const markers = (...lines: string[]) =>
  `Brain Vision Data Exchange Marker File, Version 1.0\n[Marker Infos]\n${lines.map((line, at) => `Mk${at + 1}=${line}\n`).join('')}`;
const samples = new Uint8Array(Int16Array.of(2, 1, 4, 2, 6, 3, 8, 4).buffer);

async function open(text: string, files: Record<string, string | Uint8Array> = {}) {
  const folder = await folderOf({ 'a.vhdr': text, 'a.eeg': samples, 'a.vmrk': markers(), ...files });
  const recording = await openBrainVision(join(folder, 'a.vhdr'));
  onTestFinished(() => recording.close());
  return recording;
}

it('reads channels, their resolutions and units, and the rate from the interval in µs', async () => {
  const { format, tracks } = await open(header);
  expect(format).toBe('BrainVision');
  expect(tracks[0]).toMatchObject({
    rate: 250,
    length: 4,
    // A comma in a name is written \1; without a unit they are microvolts.
    channels: [
      { name: 'Fp1', unit: 'µV' },
      { name: 'EOG, left', unit: 'µV' },
    ],
  });
  expect([...(await tracks[0]!.read(0, 4))]).toEqual([1, 2, 2, 4, 3, 6, 4, 8]);
  expect([...(await tracks[0]!.read(2, 3))]).toEqual([3, 6]);
});

it('reads samples that stand channel by channel, and floats', async () => {
  const planes = await open(header.replace('MULTIPLEXED', 'VECTORIZED'));
  expect([...(await planes.tracks[0]!.read(1, 3))]).toEqual([0.5, 6, 2, 16]);
  const floats = new Uint8Array(Float32Array.of(1.5, -1, 2.5, -2).buffer);
  const single = await open(header.replace('INT_16', 'IEEE_FLOAT_32'), { 'a.eeg': floats });
  expect([...(await single.tracks[0]!.read(0, 2))]).toEqual([0.75, -2, 1.25, -4]);
});

it('counts markers from 1, and parts what was recorded at new segments', async () => {
  const text = markers(
    'New Segment,,1,1,0,20131113161403794232',
    'Stimulus,S  1,2,1,0',
    'Comment,blinked\\1 twice,4,2,1',
    'New Segment,,3,1,0,20131113161410000000',
    'Sync Status,,1,0,0',
    'Stimulus,S  2,900,1,0',
  );
  const { events, tracks, start, notes } = await open(header, { 'a.vmrk': text });
  expect(events).toEqual([
    { seconds: 0, duration: 0, name: 'Sync Status' },
    { seconds: 0.004, duration: 0.004, name: 'Stimulus/S  1' },
    { seconds: 0.012, duration: 0.008, name: 'Comment/blinked, twice' },
  ]);
  expect(tracks[0]!.stretches).toEqual([
    { start: 0, end: 2, seconds: 0 },
    { start: 2, end: 4, seconds: 0.008 },
  ]);
  expect(start).toBe('2013-11-13T16:14:03');
  expect(notes).toEqual(['1 markers lie outside of the recording and are not used.']);
});

it('needs no markers where the header names none', async () => {
  const { events, start } = await open(header.replace('MarkerFile=$b.vmrk\n', ''));
  expect([events, start]).toEqual([[], null]);
});

it('reads older headers in Latin 1, whose units it writes as all others', async () => {
  const bytes = Buffer.from(
    header.replace('Codepage=UTF-8\n', '').replace('Fp1', 'Stirnmuskelä').replace('µV', 'uV'),
    'latin1',
  );
  const folder = await folderOf({ 'a.vhdr': bytes, 'a.eeg': samples, 'a.vmrk': markers() });
  const recording = await openBrainVision(join(folder, 'a.vhdr'));
  onTestFinished(() => recording.close());
  expect(recording.tracks[0]!.channels[0]).toEqual({ name: 'Stirnmuskelä', unit: 'µV' });
});

it('looks beside the header for files with the paths of another disk', async () => {
  const moved = header.replace('$b.eeg', 'D:\\study\\old.eeg').replace('$b.vmrk', '/home/her/old.vmrk');
  const { tracks } = await open(moved, { 'old.eeg': samples.subarray(0, 4), 'old.vmrk': markers() });
  expect(tracks[0]!.length).toBe(1);
});

it.each([
  ['Dear diary\n', 'wrong-magic', 'The file does not begin as BrainVision’s do.'],
  [
    'Brain Vision Data Exchange Header File Version 1.0\n[Else]\n',
    'wrong-magic',
    'The file has no section [Common Infos].',
  ],
  [header.replace(/NumberOfChannels=2\n/, ''), 'broken', 'The header has no NumberOfChannels.'],
  [
    header.replace('NumberOfChannels=2', 'NumberOfChannels=two'),
    'broken',
    'NumberOfChannels is “two”, not a number.',
  ],
  [header.replace('NumberOfChannels=2', 'NumberOfChannels=0.5'), 'broken', 'NumberOfChannels is 0.5.'],
  [
    header.replace('NumberOfChannels=2', 'NumberOfChannels=3'),
    'broken',
    'The header counts 3 channels and describes 2.',
  ],
  [header.replace('Ch2=', 'Ch5='), 'broken', 'The header does not describe channel 2.'],
  [header.replace('SamplingInterval=4000', 'SamplingInterval=0'), 'broken', 'SamplingInterval is 0.'],
  [
    header.replace('=BINARY', '=ASCII'),
    'unsupported',
    'The samples are written as text (DataFormat ASCII). Export them as binary.',
  ],
  [
    header.replace('INT_16', 'UINT_16'),
    'unsupported',
    'BinaryFormat “UINT_16” is none of INT_16, INT_32, IEEE_FLOAT_32.',
  ],
  [header.replace(',0.5,', ',0,'), 'broken', 'The resolution of channel 1 is “0”.'],
  [
    header.replace('DataFormat', 'DataPoints=5\nDataFormat'),
    'broken',
    'The header counts 5 samples a channel, 4 are there.',
  ],
  [header.replace('$b.eeg', 'b.eeg'), 'missing', 'Its samples are missing: there is no “b.eeg” beside it.'],
  [
    header.replace('$b.vmrk', 'b.vmrk'),
    'missing',
    'Its markers are missing: there is no “b.vmrk” beside it.',
  ],
])('refuses a header that contradicts itself or what lies beside it: %#', async (text, reason, message) => {
  await expect(open(text)).rejects.toMatchObject({ reason, message });
});

it('refuses samples that are cut off, none, and markers without a place', async () => {
  await expect(open(header, { 'a.eeg': samples.subarray(0, 15) })).rejects.toMatchObject({
    reason: 'broken',
    message:
      'The samples are cut off: 15 bytes are no multiple of 2 channels of 2 bytes. Copy the file again.',
  });
  await expect(open(header, { 'a.eeg': new Uint8Array(0) })).rejects.toMatchObject({
    reason: 'empty',
    message: 'The file of samples is empty.',
  });
  await expect(open(header, { 'a.vmrk': markers('Stimulus,S 1') })).rejects.toMatchObject({
    message: 'The marker “Stimulus,S 1” has no position.',
  });
});
