/**
 * Resident memory of a run over a generated dataset of any size: a rotation task on small images, 60 steps whose
 * batches are drawn from all over the shard.
 *
 * Run: node test/bench/cases/many-samples.ts FOLDER SAMPLES
 */
import { join } from 'node:path';
import { createBatchSource } from '../../../src/data/index.ts';
import { ShardWriter } from '../../../src/data/shards/writer.ts';
import { buildEncoder } from '../../../src/learning/encoders/registry.ts';
import { buildPretextModel } from '../../../src/learning/pretext/registry.ts';
import { seedOf, startTensorFlow } from '../../../src/tensor/index.ts';
import { createOptimizer } from '../../../src/training/step/optimizers.ts';
import { createPretextProgram } from '../../../src/training/pretext/program.ts';
import { peakMiB } from '../peak.ts';

const folder = process.argv[2]!;
const count = Number(process.argv[3] ?? 1_000_000);
const shape = [16, 16, 3];
const sampleBytes = 16 * 16 * 3;
const batchSize = 64;
const steps = 60;
const shard = join(folder, `${count}.shard`);

await writeShard();
await startTensorFlow();
const encoder = buildEncoder({ family: 'plain', options: { width: 8, features: 32 } }, 'image', shape);
const channelStatistics = { mean: [127, 127, 127], standardDeviation: [74, 74, 74] };
const model = buildPretextModel(
  { task: 'rotation', options: {}, sampleCount: count },
  { encoder, inputShape: shape, modality: 'image', batchSize, channelStatistics },
);
const program = createPretextProgram({
  model,
  encoder,
  channelStatistics,
  optimizer: createOptimizer({ kind: 'adamw', weightDecay: 0 }),
  sample: { shape, dtype: 'uint8' },
  batchSize,
  seed: 1,
});
const source = await createBatchSource({
  datasets: [
    {
      shard,
      offsets: Float64Array.from({ length: count }, (_, index) => index * sampleBytes),
      sampleBytes,
      dtype: 'uint8',
      indices: Int32Array.from({ length: count }, (_, index) => index),
    },
  ],
  batchSize,
  seed: 1,
});
for (let step = 0; step < steps; step++) {
  const { samples } = await source.next();
  program.run('train', { samples, seed: seedOf(1, step), learningRate: 0.001, progress: 0 });
}
console.log(
  JSON.stringify({
    settledMiB: process.memoryUsage().rss / 2 ** 20,
    peakMiB: peakMiB(),
  }),
);
await source.close();
program.dispose();

/** A thousand samples at a time, each different. */
async function writeShard(): Promise<void> {
  const writer = await ShardWriter.create(shard);
  const block = new Uint8Array(1000 * sampleBytes);
  for (let written = 0; written < count; written += 1000) {
    for (let place = 0; place < block.length; place++) block[place] = (place * 31 + written * 7) & 255;
    await writer.append(block.subarray(0, Math.min(1000, count - written) * sampleBytes));
  }
  await writer.finish();
}
