/** A search finds what the first, slower search found, however many threads take part, and can be stopped. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileKernel } from '../../../../build/kernel.mjs';
import { searchCopies, type CopySource } from '../../../../src/data/copies/search.ts';
import { clothesSource, largeClothesSource, wavesSource } from '../../../fixtures/copy-searches.ts';

/** What the search of version 0.2 found, which compared all candidates one by one on one core. */
const record = readFileSync(new URL('../../../fixtures/copies-on-record.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(','));
const onRecord = (search: string) =>
  record.filter(([name]) => name === search).map(([, ...numbers]) => numbers.map(Number));

async function pairsOf(known: CopySource, asked: CopySource) {
  const found = await searchCopies(known, asked);
  return Array.from(found.asked, (asked, at) => [
    asked,
    found.known[at],
    found.exact[at],
    found.likeness[at],
  ]);
}

describe('the pairs that are found', () => {
  it('are those on record among many samples, on all cores', async () => {
    const clothes = await clothesSource('train', 3900);
    const found = await pairsOf(clothes, clothes);
    expect(found.length).toBe(187);
    expect(found).toEqual(onRecord('within'));
    const heldOut = await clothesSource('t10k', 2000);
    expect(await pairsOf(clothes, heldOut)).toEqual(onRecord('between'));
  });

  it('are those on record among few, on this thread alone', async () => {
    const large = await largeClothesSource(1500);
    expect(await pairsOf(large, large)).toEqual(onRecord('within few'));
  });

  it('are those on record between pictures of another size', async () => {
    const [large, clothes] = [await largeClothesSource(1500), await clothesSource('train', 3900)];
    expect(await pairsOf(large, clothes)).toEqual(onRecord('of another size'));
  });

  it('are those on record among windows of signals', async () => {
    const waves = await wavesSource(4000);
    const found = await pairsOf(waves, waves);
    expect(found.length).toBe(800);
    expect(found).toEqual(onRecord('waves'));
  });
});

describe('a search on all cores', () => {
  it('tells each step to its end, and ends when it is stopped', async () => {
    const clothes = await clothesSource('train', 3900);
    const told: [string, number, number][] = [];
    await searchCopies(clothes, clothes, { onProgress: (...progress) => void told.push(progress) });
    const count = clothes.offsets.length;
    const steps = Map.groupBy(told, ([step]) => step);
    expect([...steps.keys()]).toEqual(['describe', 'compare']);
    for (const step of steps.values()) expect(step.at(-1)!.slice(1)).toEqual([count, count]);

    const abort = new AbortController();
    const started = performance.now();
    const stopped = searchCopies(clothes, clothes, {
      signal: abort.signal,
      onProgress: (step) => step === 'compare' && abort.abort(),
    });
    await expect(stopped).rejects.toThrow(/abort/i);
    expect(performance.now() - started).toBeLessThan(60_000);
  });

  it('says where samples are gone', async () => {
    const clothes = await clothesSource('train', 3900);
    const gone = { ...clothes, shardFile: `${clothes.shardFile}-gone` };
    await expect(searchCopies(gone, gone)).rejects.toMatchObject({ failure: { code: 'shard.missing' } });
  });
});

describe('the kernel', () => {
  it('is what its source says', async () => {
    const compiled = new URL('../../../../src/data/copies/kernel/compiled.ts', import.meta.url);
    expect(await compileKernel()).toBe(readFileSync(compiled, 'utf8'));
  });
});
