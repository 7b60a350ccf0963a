import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { SPLIT_CODE } from '../../../../src/contract/data/splits/split.ts';
import { findCopies, findCopiesBetween, groupCopies } from '../../../../src/data/copies/find.ts';
import { createCoder, CUTS, planCutting, sortIntoBuckets } from '../../../../src/data/copies/cuts.ts';
import { createSignatureMemory, packedOf } from '../../../../src/data/copies/kernel/kernel.ts';
import { createNearest, MOST_SEEN } from '../../../../src/data/copies/neighbors.ts';
import {
  createSigner,
  pack,
  SIGNATURE_SIZE,
  SIGNATURE_STRIDE,
} from '../../../../src/data/copies/signature.ts';
import { createRandom } from '../../../../src/data/shards/random.ts';

const SIDE = 32;
const COUNT = 300;

/** Smooth blobs on a slope, no two alike. */
function picture(seed: number): Uint8Array {
  const random = createRandom(seed, 5);
  const unit = () => random.below(1_000_000) / 1_000_000;
  const blobs = Array.from({ length: 6 }, () => [
    unit() * SIDE,
    unit() * SIDE,
    2 + 5 * unit(),
    240 * (unit() - 0.4),
  ]);
  return Uint8Array.from({ length: SIDE * SIDE }, (_, at) => {
    const [y, x] = [Math.floor(at / SIDE), at % SIDE];
    const sum = blobs.reduce(
      (total, [cy, cx, size, height]) =>
        total + height! * Math.exp(-((y - cy!) ** 2 + (x - cx!) ** 2) / (2 * size! ** 2)),
      80,
    );
    return Math.max(0, Math.min(255, Math.round(sum + 3 * (unit() - 0.5))));
  });
}

async function search(
  training: Uint8Array[],
  test: Uint8Array[],
  form: Partial<Parameters<typeof findCopies>[0]> = {},
) {
  const file = join(await mkdtemp(join(tmpdir(), 'pretext-copies-')), 'shard');
  const all = [...training, ...test];
  await writeFile(file, Buffer.concat(all));
  const size = all[0]!.length;
  return findCopies({
    modality: 'image',
    shape: [SIDE, SIDE, 1],
    dtype: 'uint8',
    shardFile: file,
    offsets: Float64Array.from(all, (_, at) => at * size),
    splits: Uint8Array.from(all, (_, at) => (at < training.length ? SPLIT_CODE.train : SPLIT_CODE.test)),
    ...form,
  });
}

const pictures = Array.from({ length: COUNT }, (_, at) => picture(at));
const raw = { width: SIDE, height: SIDE, channels: 1 as const };
const stored = async (bytes: Uint8Array) =>
  new Uint8Array(
    await sharp(await sharp(bytes, { raw }).jpeg({ quality: 75 }).toBuffer())
      .greyscale()
      .raw()
      .toBuffer(),
  );
const moved = (bytes: Uint8Array, down: number, right: number) =>
  bytes.map((_, at) => {
    const [y, x] = [Math.floor(at / SIDE) + down, (at % SIDE) + right];
    const inside = (value: number) => Math.max(0, Math.min(SIDE - 1, value));
    return bytes[inside(y) * SIDE + inside(x)]!;
  });

describe('copies of images', () => {
  it('are found: the same, stored anew, moved by a pixel, brighter, with less contrast', async () => {
    const changed = await Promise.all(
      pictures.slice(0, 50).map((bytes, at) => {
        if (at % 5 === 0) return bytes;
        if (at % 5 === 1) return stored(bytes);
        if (at % 5 === 2) return moved(bytes, at % 2 ? 1 : -1, at % 3 ? 1 : 0);
        if (at % 5 === 3) return bytes.map((value) => Math.min(255, value + 25));
        return bytes.map((value) => Math.round(value * 0.7));
      }),
    );
    const pairs = await search(pictures, changed);
    // Nothing but the right ones, and all of them but for a picture or two that JPEG changed too much.
    expect(pairs.filter(({ heldOut, training }) => heldOut - COUNT !== training)).toEqual([]);
    const found = new Set(pairs.map(({ training }) => training));
    const missed = [...changed.keys()].filter((at) => !found.has(at));
    expect(missed.filter((at) => at % 5 !== 1)).toEqual([]);
    expect(missed.length).toBeLessThanOrEqual(2);
    expect(pairs.filter(({ exact }) => exact).map(({ training }) => training % 5)).toEqual(
      new Array(10).fill(0),
    );
    for (const { likeness } of pairs) expect(likeness).toBeGreaterThanOrEqual(0.99);
  });

  it('are not found among pictures that merely resemble each other', async () => {
    const others = Array.from({ length: 100 }, (_, at) => picture(10_000 + at));
    expect(await search(pictures, others)).toEqual([]);
  });

  it('are not made of blank pictures: only the very same ones count', async () => {
    const [blank, grey] = [new Uint8Array(SIDE * SIDE), new Uint8Array(SIDE * SIDE).fill(90)];
    expect(await search([blank, pictures[0]!], [grey])).toEqual([]);
    expect(await search([blank, pictures[0]!], [blank])).toEqual([
      { heldOut: 2, training: 0, exact: true, likeness: 1 },
    ]);
  });

  it('are none where a split is empty, and a search can be stopped', async () => {
    expect(await search(pictures, [])).toEqual([]);
    const abort = new AbortController();
    abort.abort();
    await expect(search(pictures, pictures, { signal: abort.signal })).rejects.toThrow(/abort/i);
  });
});

describe('groups of copies', () => {
  it('hold what is a copy of each other, directly or by way of another, and nothing else', async () => {
    const twin = await stored(pictures[9]!);
    const all = [...pictures.slice(0, 60), moved(pictures[4]!, 1, 0), twin, moved(twin, 0, 1), pictures[4]!];
    const file = join(await mkdtemp(join(tmpdir(), 'pretext-copies-')), 'shard');
    await writeFile(file, Buffer.concat(all));
    const size = SIDE * SIDE;
    const groups = await groupCopies({
      modality: 'image',
      shape: [SIDE, SIDE, 1],
      dtype: 'uint8',
      shardFile: file,
      offsets: Float64Array.from(all, (_, at) => at * size),
    });
    expect(Array.from(groups.subarray(0, 60))).toEqual([...Array(60).keys()]);
    expect(Array.from(groups.subarray(60))).toEqual([4, 9, 9, 4]);
  });
});

describe('copies in another dataset', () => {
  const shardOf = async (samples: Uint8Array[]) => {
    const file = join(await mkdtemp(join(tmpdir(), 'pretext-copies-')), 'shard');
    await writeFile(file, Buffer.concat(samples));
    return file;
  };
  const sourceOf = async (samples: Uint8Array[], shape: number[], split: number) => ({
    modality: 'image' as const,
    dtype: 'uint8' as const,
    shape,
    shardFile: await shardOf(samples),
    offsets: Float64Array.from(samples, (_, at) => at * samples[0]!.length),
    splits: new Uint8Array(samples.length).fill(split),
  });
  const resized = async (bytes: Uint8Array, side: number) =>
    new Uint8Array(
      await sharp(bytes, { raw })
        .resize(side, side, { kernel: 'cubic' })
        .toColourspace('srgb')
        .raw()
        .toBuffer(),
    );

  it('are found though it holds them in color and at another size', async () => {
    const small = await sourceOf(pictures.slice(0, 40), [SIDE, SIDE, 1], SPLIT_CODE.test);
    const large = await Promise.all(pictures.slice(20, 90).map((bytes) => resized(bytes, 48)));
    const channels = large[0]!.length / 48 ** 2;
    const other = await sourceOf(large, [48, 48, channels], SPLIT_CODE.train);
    const pairs = await findCopiesBetween(small, other);
    expect(pairs.map(({ heldOut, training }) => [heldOut, training])).toEqual(
      Array.from({ length: 20 }, (_, at) => [20 + at, at]),
    );
    expect(pairs.some(({ exact }) => exact)).toBe(false);
    // Samples that pretraining would not see do not count.
    other.splits.fill(SPLIT_CODE.test);
    expect(await findCopiesBetween(small, other)).toEqual([]);
  });
});

describe('copies of signals', () => {
  const LENGTH = 64;
  const form = { modality: 'signal' as const, shape: [LENGTH, 2], dtype: 'float32' as const };
  const window = (seed: number) => {
    const random = createRandom(seed, 3);
    return Float32Array.from({ length: 2 * LENGTH }, () => (random.below(2000) - 1000) / 500);
  };
  const bytesOf = (values: Float32Array) => new Uint8Array(values.buffer);

  it('are found with another gain, offset and a little noise, and others are not', async () => {
    const windows = Array.from({ length: 200 }, (_, at) => window(at));
    const test = [
      windows[3]!.map((value) => value * 2.5),
      windows[8]!.map((value, at) => value + (at % 2 ? 4 : -1)),
      windows[20]!.map((value, at) => value + 0.05 * Math.sin(9 * at)),
      windows[30]!.slice(),
      window(999),
    ];
    const pairs = await search(windows.map(bytesOf), test.map(bytesOf), form);
    expect(pairs.map(({ heldOut, training, exact }) => [heldOut - 200, training, exact])).toEqual([
      [0, 3, false],
      [1, 8, false],
      [2, 20, false],
      [3, 30, true],
    ]);
  });
});

/** Finds the nearest among signatures. */
function indexOf(all: readonly Float64Array[]) {
  const count = all.length;
  const signatures = createSignatureMemory(count, 1, MOST_SEEN);
  const packed = packedOf(signatures);
  all.forEach((signature, place) => pack(signature, packed, place));
  const sums = new Float64Array(SIGNATURE_SIZE);
  for (let place = 0; place < count; place++)
    for (let k = 0; k < SIGNATURE_SIZE; k++) sums[k]! += packed[place * SIGNATURE_STRIDE + k]!;
  const cutting = planCutting(sums, count, count);
  const coder = createCoder(cutting);
  const codes = Array.from({ length: count }, (_, place) => {
    coder.code(packed, place);
    return coder.codes.slice();
  });
  const cuts = Array.from({ length: CUTS }, (_, cut) =>
    sortIntoBuckets(count, 1 << cutting.planes, (place) => codes[place]![cut]!),
  );
  return createNearest({ signatures, cutting, cuts });
}

describe('the index of signatures', () => {
  it('finds the nearest among many as a comparison of all with all would', () => {
    const count = 6_000;
    const random = createRandom(1);
    const draw = () => {
      const values = Float64Array.from({ length: SIGNATURE_SIZE }, () => random.below(2001) - 1000);
      const size = Math.hypot(...values);
      return values.map((value) => value / size);
    };
    const signatures = Array.from({ length: count }, draw);
    const nearest = indexOf(signatures);
    const asked = (values: Float64Array) => {
      const own = new Int8Array(SIGNATURE_STRIDE);
      pack(values, own, 0);
      return own;
    };
    let hits = 0;
    for (let at = 0; at < 200; at++) {
      const near = signatures[at * 29]!.map((value) => value + (random.below(2001) - 1000) / 1000 / 60);
      const size = Math.hypot(...near);
      const signature = asked(near.map((value) => value / size));
      if (nearest(signature, { most: 3, least: 0.9 })[0]?.place === at * 29) hits++;
      // Of those before it alone, nothing is near.
      expect(nearest(signature, { most: 3, least: 0.9, end: at * 29 })).toEqual([]);
    }
    expect(hits).toBeGreaterThanOrEqual(196);
  });

  it('stands many that are all alike', () => {
    const signer = createSigner({ modality: 'image', shape: [SIDE, SIDE, 1], dtype: 'uint8' });
    const signature = new Float64Array(SIGNATURE_SIZE);
    signer.read(pictures[0]!);
    expect(signer.sign(signature, [0, 0])).toBe(true);
    const nearest = indexOf(new Array<Float64Array>(5_000).fill(signature));
    const own = new Int8Array(SIGNATURE_STRIDE);
    pack(signature, own, 0);
    const found = nearest(own, { most: 8, least: 0.9 });
    expect(found).toHaveLength(8);
    expect(found[0]!.score).toBeCloseTo(1, 1);
  });
});
