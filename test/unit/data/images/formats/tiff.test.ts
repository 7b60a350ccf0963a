import { expect, it } from 'vitest';
import {
  readTiffFacts,
  unreadableValues,
  type TiffFacts,
} from '../../../../../src/data/images/formats/tiff.ts';
import { tiff, type TiffField } from '../../../../fixtures/made-tiff.ts';

const factsOf = (bytes: Buffer) =>
  readTiffFacts((position, count) => Promise.resolve(bytes.subarray(position, position + count)));

const fields: TiffField[] = [
  { tag: 256, type: 3, values: [640] },
  { tag: 257, type: 4, values: [480] },
  { tag: 258, type: 3, values: [16, 16, 16, 16, 16] },
  { tag: 262, type: 3, values: [2] },
  { tag: 270, type: 2, values: 'five bands, the last of them clear\0' },
  { tag: 277, type: 3, values: [5] },
  { tag: 338, type: 3, values: [0, 2] },
  { tag: 339, type: 3, values: [1, 1, 1, 1, 1] },
];
const facts: TiffFacts = {
  width: 640,
  height: 480,
  bands: 5,
  bits: 16,
  sampleFormat: 1,
  alphaBands: 1,
  photometric: 2,
  description: 'five bands, the last of them clear',
};

it.each([
  { little: true, big: false },
  { little: false, big: false },
  { little: true, big: true },
  { little: false, big: true },
])('reads what a file says of itself: %j', async (order) => {
  expect(await factsOf(tiff(fields, order))).toEqual(facts);
});

it('fills in what the description gives for what is left out', async () => {
  const bare = tiff([
    { tag: 256, type: 3, values: [9] },
    { tag: 257, type: 3, values: [8] },
    { tag: 306, type: 2, values: '2024:01:01 00:00:00\0' },
  ]);
  expect(await factsOf(bare)).toEqual({
    width: 9,
    height: 8,
    bands: 1,
    bits: 1,
    sampleFormat: 1,
    alphaBands: 0,
    photometric: 1,
    description: null,
  });
});

it('takes short words that stand in the directory itself for none, whatever the size of its places', async () => {
  for (const big of [false, true]) {
    const short = [...fields.slice(0, 2), { tag: 270, type: 2, values: big ? 'stained' : 'dna' }];
    expect(await factsOf(tiff(short, { big }))).toMatchObject({ width: 640, description: null });
  }
});

it('follows nothing that is no TIFF, cut off, or leads out of the file', async () => {
  expect(await factsOf(Buffer.from('II*'))).toBeNull();
  expect(await factsOf(tiff([]))).toBeNull();
  expect(await factsOf(tiff([{ tag: 256, type: 3, values: [0] }, fields[1]!]))).toBeNull();
  expect(await factsOf(tiff(fields).subarray(0, 8))).toBeNull();
  expect(await factsOf(tiff(fields, { big: true }).subarray(0, 12))).toBeNull();
  const many = tiff(fields);
  many.writeUInt16LE(60_000, 8);
  expect(await factsOf(many)).toBeNull();
  // Values that lie behind the end are taken for none.
  const cut = tiff(fields);
  expect(await factsOf(cut.subarray(0, 8 + 2 + 12 * fields.length))).toMatchObject({ bits: 1, width: 640 });
});

it.each([
  [
    { sampleFormat: 2, bits: 16 },
    'The picture holds signed 16-bit numbers; unsigned numbers of 8 or 16 bits are read. Save it with unsigned values, for example by adding an offset.',
  ],
  [
    { sampleFormat: 3, bits: 32 },
    'The picture holds 32-bit floating-point numbers; unsigned numbers of 8 or 16 bits are read. Scale its values to 0 to 65,535 and save it with 16 bits.',
  ],
  [{ sampleFormat: 5, bits: 64 }, 'The picture holds complex numbers. Save their strength with 16 bits.'],
  [
    { sampleFormat: 1, bits: 32 },
    'The picture holds 32-bit numbers; 8 and 16 bits are read. Scale its values to 0 to 65,535 and save it with 16 bits.',
  ],
  [{ sampleFormat: 1, bits: 12 }, null],
  [{ sampleFormat: 4, bits: 8 }, null],
])('says of values that are not read what they are: %j', (found, said) => {
  expect(unreadableValues({ ...facts, ...found })).toBe(said);
});
