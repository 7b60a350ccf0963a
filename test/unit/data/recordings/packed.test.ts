import { expect, it } from 'vitest';
import { bytesInMemory } from '../../../../src/data/recordings/bytes.ts';
import { readFrames, readPlanes, type PackedSamples } from '../../../../src/data/recordings/packed.ts';

/** Two channels of four times behind a header of three bytes: 1 2 3 4 and 10 20 30 40 as they are stored. */
const packedOf = (stored: number[]): PackedSamples => ({
  source: bytesInMemory(Buffer.concat([Buffer.from('abc'), Buffer.from(Int16Array.from(stored).buffer)])),
  offset: 3,
  type: 'int16',
  isLittleEndian: true,
  channels: 2,
  gains: [0.5, 2],
  bases: [0, 1],
});
const expected = [1, 41, 1.5, 61];

it('reads a stretch that stands frame by frame, in physical values', async () => {
  const packed = packedOf([1, 10, 2, 20, 3, 30, 4, 40]);
  expect([...(await readFrames(packed, 1, 3))]).toEqual(expected);
});

it('reads the same of samples that stand channel by channel', async () => {
  const packed = packedOf([1, 2, 3, 4, 10, 20, 30, 40]);
  expect([...(await readPlanes(packed, 4, 1, 3))]).toEqual(expected);
});

it('says that a file ends before the samples that its header promises', async () => {
  await expect(readFrames(packedOf([1, 10]), 0, 2)).rejects.toThrow('The file is cut off');
});
