import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDecoding, digestOf, type Decoding } from '../../../../src/data/images/decoding.ts';
import type { ListedFile } from '../../../../src/data/reading/listing.ts';

const STORED = { width: 24, height: 24, channels: 3 } as const;
const signal = new AbortController().signal;
let folder: string;
let files: ListedFile[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pretext-decoding-'));
  const noise = (side: number) => Uint8Array.from({ length: side * side * 3 }, (_, at) => (at * 7919) % 251);
  const picture = (side: number) =>
    sharp(noise(side), { raw: { width: side, height: side, channels: 3 as const } });
  writeFileSync(join(folder, 'plain.jpg'), await picture(24).jpeg({ quality: 80 }).toBuffer());
  writeFileSync(join(folder, 'plain.png'), await picture(24).png().toBuffer());
  writeFileSync(join(folder, 'other.webp'), await picture(31).webp({ lossless: true }).toBuffer());
  // Larger than what is kept of a file, and read again when it is decoded.
  writeFileSync(join(folder, 'large.png'), await picture(700).png({ compressionLevel: 0 }).toBuffer());
  writeFileSync(
    join(folder, 'large.webp'),
    await picture(700).webp({ lossless: true, effort: 0 }).toBuffer(),
  );
  writeFileSync(join(folder, 'cut.jpg'), (await picture(24).jpeg().toBuffer()).subarray(0, 300));
  writeFileSync(join(folder, 'empty.png'), '');
  writeFileSync(join(folder, 'text.png'), 'not a picture');
  const names = ['plain.jpg', 'plain.png', 'other.webp', 'large.png', 'large.webp'];
  files = [...names, 'cut.jpg', 'empty.png', 'text.png', 'gone.png'].map((path) => ({
    path,
    absolute: join(folder, path),
  }));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function readAll({ look, decode, close }: Decoding) {
  try {
    const looked = await look(files);
    const found = looked.flatMap((one, at) => ('header' in one ? [{ ...files[at]!, ...one }] : []));
    const problems = looked.flatMap((one) => ('header' in one ? [] : [one.reason]));
    const kept = found.map(({ path, bytes }) => (bytes ? path : null));
    const headers = found.map(({ path, fileBytes, header }) => ({ path, fileBytes, header }));
    const decoded = (await decode(found, STORED)).map((one) => ({
      ...one,
      pixels: one.pixels && new Uint8Array(one.pixels),
    }));
    return { problems, headers, kept, decoded };
  } finally {
    await close();
  }
}

test('threads find in files what is found without them', async () => {
  const few = await readAll(createDecoding(1, signal));
  const many = await readAll(createDecoding(1000, signal));
  expect(many).toEqual(few);
  expect(few.problems).toEqual(['empty', 'not-an-image', 'missing']);
  expect(few.kept).toEqual(['plain.jpg', 'plain.png', 'other.webp', null, 'large.webp', 'cut.jpg']);
});

test('pixels are those of the image library, to the bit', async () => {
  const { headers, decoded } = await readAll(createDecoding(1000, signal));
  expect(headers.map(({ path }) => path).at(-1)).toBe('cut.jpg');
  expect(decoded.at(-1)?.problem?.reason).toBe('broken');
  for (const [at, { path }] of headers.slice(0, -1).entries()) {
    const raw = sharp(join(folder, path)).resize(24, 24, { fit: 'cover' }).toColourspace('srgb').raw();
    const pixels = new Uint8Array(await raw.toBuffer());
    expect(decoded[at]?.pixels, path).toEqual(pixels);
    expect(decoded[at]).toMatchObject({ digest: digestOf(pixels), clear: false });
  }
});
