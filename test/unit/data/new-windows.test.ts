import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importSchema } from '../../../src/contract/data/import.ts';
import type { ModelPreparation } from '../../../src/contract/model/model.ts';
import { optionsFor, planNewSamples, readNewSamples } from '../../../src/data/index.ts';
import { readSamples } from '../../../src/training/samples/reader.ts';
import { folderOf } from '../../fixtures/imports.ts';
import { recordingFile } from '../../fixtures/recordings/expected.ts';

const { signal } = new AbortController();

/** What a model of windows of two channels at 64 Hz was prepared by. */
function preparation(length: number, options: Record<string, unknown> = {}): ModelPreparation {
  const { path: _, ...told } = importSchema.parse({ path: '.', ...options });
  return {
    options: told,
    stored: { shape: [length, 2], dtype: 'float32' },
    steps: [],
    bits: null,
    channelNames: null,
    samplingRate: 64,
  };
}

async function read(path: string, prepared: ModelPreparation, everySeconds?: number) {
  const plan = await planNewSamples([path], optionsFor(prepared, everySeconds), 'signal', signal);
  const inputShape = prepared.stored.shape;
  const wanted = { modality: 'signal', inputShape, preparation: prepared, about: {}, everySeconds };
  const shard = join(await folderOf(), 'part.shard');
  const samples = await readNewSamples(plan.parts[0]!, wanted, shard, signal);
  await samples.close();
  return samples;
}

describe('windows of new recordings', () => {
  it('cover all of them, whatever events they have, as far apart as was asked for', async () => {
    const aroundEvents = preparation(32, { options: { labelSource: 'events', cut: 'around' } });
    const { startSeconds, recordings } = await read(recordingFile('rates.edf'), aroundEvents, 0.25);
    expect([...startSeconds!]).toEqual([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25, 2.5]);
    expect(new Set(recordings)).toEqual(new Set([recordingFile('rates.edf')]));
  });

  it('begin when their rows came, behind a gap of ten seconds too', async () => {
    const { startSeconds } = await read(recordingFile('gap.edf'), preparation(32), 0.5);
    expect([...startSeconds!]).toEqual([0, 0.5, 1, 1.5, 12, 12.5]);
  });

  it('are scaled by their whole recording where the model was trained on such', async () => {
    const rows = Array.from({ length: 96 }, (_, at) => [at, 1000 + 2 * ((at * 7) % 96)] as const);
    const text = rows.map(([one, other], at) => `${(at / 64).toFixed(6)},${one},${other}`).join('\n');
    const folder = await folderOf({ 'a.csv': `time_s,x,y\n${text}\n` });
    const plain = preparation(32, { signals: { windowLength: 32 } });
    const plan = await planNewSamples([join(folder, 'a.csv')], optionsFor(plain), 'signal', signal);
    const wanted = {
      modality: 'signal',
      inputShape: [32, 2],
      preparation: { ...plain, scaledByRecording: true as const },
      about: {},
    };
    const samples = await readNewSamples(plan.parts[0]!, wanted, join(folder, 'part.shard'), signal);
    const bytes = await readSamples({ ...samples, name: 'a' }, Int32Array.of(0, 2));
    await samples.close();
    const values = new Float32Array(bytes.buffer);
    // 0 to 95: mean 47.5, variance (96² − 1) / 12; twice that, in another order and from 1000 on.
    const deviation = Math.sqrt((96 ** 2 - 1) / 12);
    expect(values[0]).toBeCloseTo(-47.5 / deviation, 5);
    expect(values[1]).toBeCloseTo(-47.5 / deviation, 5);
    expect(values.at(-2)).toBeCloseTo(47.5 / deviation, 5);
    expect(values.at(-1)).toBeCloseTo((89 - 47.5) / deviation, 5);
  });

  it('begin by the clock of a text file, which stands still for a while', async () => {
    const rows = Array.from({ length: 192 }, (_, at) => {
      const time = at / 64 + (at < 96 ? 0 : 5);
      return `${time.toFixed(6)},${Math.sin(at).toFixed(4)},${Math.cos(at).toFixed(4)}`;
    });
    const folder = await folderOf({ 'a.csv': `time_s,x,y\n${rows.join('\n')}\n` });
    const { startSeconds } = await read(
      join(folder, 'a.csv'),
      preparation(32, { signals: { windowLength: 32 } }),
    );
    expect([...startSeconds!]).toEqual(
      [0, 0.5, 1, 6.5, 7, 7.5].map((one) => expect.closeTo(one, 6) as number),
    );
  });
});
