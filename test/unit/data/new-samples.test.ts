import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importSchema } from '../../../src/contract/recipe/recipe.ts';
import { optionsFor, planNewSamples, readNewSamples } from '../../../src/data/index.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pretext-new-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const RECORDINGS = 20;
const ROWS = 400;

/** A WFDB record: a header, and 16-bit samples of its channels in a file beside it. */
function writeRecord(name: string, channels: readonly string[]): void {
  const signals = channels.map((channel) => `${name}.dat 16 100/mV 16 0 0 0 0 ${channel}`);
  writeFileSync(
    join(folder, `${name}.hea`),
    [`${name} ${channels.length} 50 ${ROWS}`, ...signals, ''].join('\n'),
  );
  const values = Int16Array.from({ length: ROWS * channels.length }, (_, at) => (at * 7) % 500);
  writeFileSync(join(folder, `${name}.dat`), values);
}

describe('a folder of recordings', () => {
  const { path: _path, ...options } = importSchema.parse({
    path: '/data',
    format: 'wfdb',
    signals: { windowLength: 100 },
  });
  const wanted = {
    modality: 'signal' as const,
    inputShape: [100, 2],
    about: {},
    preparation: {
      options,
      stored: { shape: [100, 2], dtype: 'float32' as const },
      steps: [],
      bits: null,
      channelNames: ['ax', 'ay'],
      samplingRate: 50,
    },
  };

  it('is read part by part, each recording with the files beside it, as all of them say together', async () => {
    for (let index = 0; index < RECORDINGS; index += 1)
      // One alone lacks a channel: what all have in common is the same in every part.
      writeRecord(`r${String(index).padStart(2, '0')}`, index === 0 ? ['ax', 'ay'] : ['ax', 'ay', 'az']);
    const { signal } = new AbortController();
    const plan = await planNewSamples([folder], optionsFor(wanted.preparation), 'signal', signal);
    expect(plan.parts.length).toBeGreaterThan(1);
    const sources: string[] = [];
    for (const [place, part] of plan.parts.entries()) {
      const read = await readNewSamples(part, wanted, join(folder, `${place}.shard`), signal);
      expect(read.issues.filter(({ severity }) => severity === 'left-out')).toEqual([]);
      sources.push(...read.sources);
      await read.close();
    }
    expect(sources).toHaveLength((RECORDINGS * ROWS) / 100);
    expect(new Set(sources).size).toBe(sources.length);
    expect(sources[0]).toBe(join(folder, 'r00.hea rows 1–100'));
    expect(sources.at(-1)).toBe(join(folder, 'r19.hea rows 301–400'));
  });
});
