/** SimCLR on windows of signals as a run does it: stored windows in shards, views inside the compiled step, AdamW. */
import { createBatchSource, type BatchSource } from '../../../src/data/index.ts';
import { buildEncoder } from '../../../src/learning/encoders/registry.ts';
import { buildPretextModel } from '../../../src/learning/pretext/registry.ts';
import { seedOf, startTensorFlow, type Program } from '../../../src/tensor/index.ts';
import { createOptimizer } from '../../../src/training/optimizers.ts';
import { createPretextProgram } from '../../../src/training/pretext-program.ts';
import type { SignalSetting } from '../benches/signals.ts';
import { serve } from '../protocol.ts';
import { parameterCount } from './network.ts';

let program: Program;
let source: BatchSource;

await serve<SignalSetting & { windows: string }>({
  async start({ width, batch, length, channels, windows, count }) {
    await startTensorFlow();
    const inputShape = [length, channels];
    const encoder = buildEncoder(
      { family: 'residual', options: { width, features: 4 * width } },
      'signal',
      inputShape,
    );
    const channelStatistics = {
      mean: new Array<number>(channels).fill(0),
      standardDeviation: new Array<number>(channels).fill(1),
    };
    const model = buildPretextModel(
      { task: 'simclr', options: {}, sampleCount: count },
      { encoder, inputShape, modality: 'signal', batchSize: batch, channelStatistics },
    );
    program = createPretextProgram({
      model,
      encoder,
      channelStatistics,
      optimizer: createOptimizer({ kind: 'adamw', weightDecay: 1e-4 }),
      sample: { shape: inputShape, dtype: 'float32' },
      batchSize: batch,
      seed: 1,
    });
    const sampleBytes = length * channels * Float32Array.BYTES_PER_ELEMENT;
    source = await createBatchSource({
      datasets: [
        {
          shard: windows,
          offsets: Float64Array.from({ length: count }, (_, index) => index * sampleBytes),
          sampleBytes,
          dtype: 'float32',
          indices: Int32Array.from({ length: count }, (_, index) => index),
        },
      ],
      batchSize: batch,
      seed: 1,
    });
    return { parameters: parameterCount(model.parameters(1)) };
  },
  async run(count) {
    for (let done = 0; done < count; done++) {
      const { samples, step } = await source.next();
      program.run('train', { samples, seed: seedOf(1, step), learningRate: 0.001, progress: 0 });
    }
  },
});
