import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { embedFiles } from '../../../src/trainer/embed-files.ts';
import type { Embedder } from '../../../src/trainer/embedded.ts';
import { readSamples } from '../../../src/training/samples/reader.ts';
import { folderOf } from '../../fixtures/imports.ts';
import { modelNote } from '../../fixtures/models.ts';
import { temporaryFolder } from '../../fixtures/projects.ts';

let own: string;
beforeEach(() => {
  own = temporaryFolder();
  // Others make such folders at the same time.
  for (const name of ['TMPDIR', 'TEMP']) vi.stubEnv(name, own);
});
afterEach(() => void vi.unstubAllEnvs());
const scratch = () => readdirSync(own).filter((name) => name.startsWith('pretext-embed-'));
/** Pictures of one grey each. */
const grey = (value: number) =>
  sharp(new Uint8Array(64).fill(value), { raw: { width: 8, height: 8, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();

/** Two features: the grey of a picture, and half of it. */
async function embedding(files: Record<string, Uint8Array | string>) {
  const folder = await folderOf();
  writeFileSync(join(folder, 'model.json'), JSON.stringify(modelNote('aaaaaaaaaa-1').model));
  const told: { done: number; total: number }[] = [];
  const compiled: string[] = [];
  let closed = 0;
  const compile = (dtype: string): Embedder => {
    compiled.push(dtype);
    return {
      width: 2,
      async features(stored) {
        const { length } = stored.offsets;
        const bytes = await readSamples(
          stored,
          Int32Array.from({ length }, (_, at) => at),
        );
        return Float32Array.from({ length: 2 * length }, (_, i) => bytes[64 * (i >> 1)]! / (1 + (i % 2)));
      },
      close: () => closed++,
    };
  };
  const paths = [await folderOf(files)];
  const run = (progress = async (one: { done: number; total: number }) => void told.push(one)) =>
    embedFiles({ folder }, { paths }, compile, { signal: new AbortController().signal, progress } as never);
  return { run, told, compiled, closed: () => closed, paths };
}

it('gives the features of every sample in its place, and says what could not be read', async () => {
  const { run, told, compiled, closed } = await embedding({
    'a.png': await grey(10),
    'b.png': await grey(200),
    'broken.png': 'no picture',
    'c.png': await grey(30),
  });
  const { samples, parts, leftOut, close } = await run();
  expect(samples.source.map((source) => source.split(/[\\/]/).at(-1))).toEqual(['a.png', 'b.png', 'c.png']);
  expect(samples).toMatchObject({ count: 3, index: Int32Array.of(0, 1, 2), label: ['', '', ''] });
  const values: number[] = [];
  for await (const part of parts) values.push(...part);
  expect(values).toEqual([10, 5, 200, 100, 30, 15]);
  expect(leftOut).toBe(1);
  expect(compiled).toEqual(['uint8']);
  expect(told[0]).toMatchObject({ done: 0, phase: 'Embedding' });
  expect(closed()).toBe(1);
  await close();
  expect(scratch()).toEqual([]);
});

it('says so where nothing could be read, and leaves nothing behind', async () => {
  const { run, compiled, paths } = await embedding({ 'broken.png': 'no picture' });
  await expect(run()).rejects.toMatchObject({
    failure: { code: 'embed.nothing', message: 'No sample could be read.', place: paths[0] },
  });
  const withdrawn = await embedding({ 'a.png': await grey(10) });
  await expect(withdrawn.run(() => Promise.reject(new Error('withdrawn')))).rejects.toThrow('withdrawn');
  expect([compiled, withdrawn.compiled, scratch()]).toEqual([[], [], []]);
});
