/** SimCLR as a run does it: stored bytes in shards, views inside the compiled step, AdamW. */
import { createBatchSource, type BatchSource } from '../../../src/data/index.ts';
import { buildPretextModel } from '../../../src/learning/pretext/registry.ts';
import { seedOf, startTensorFlow, type Program } from '../../../src/tensor/index.ts';
import { createOptimizer } from '../../../src/training/optimizers.ts';
import { createPretextProgram } from '../../../src/training/pretext-program.ts';
import { serve } from '../protocol.ts';
import { benchEncoder, imageShape, parameterCount } from './network.ts';

interface Options {
  width: number;
  batch: number;
  images: string;
  count: number;
  blur: boolean;
}

const sampleBytes = imageShape.reduce((product, side) => product * side, 1);
let program: Program;
let source: BatchSource;

await serve<Options>({
  async start({ width, batch, images, count, blur }) {
    await startTensorFlow();
    const encoder = benchEncoder(width);
    const channelStatistics = { mean: [127, 127, 127], standardDeviation: [64, 64, 64] };
    const options = { imageViews: { blurProbability: blur ? 0.5 : 0 } };
    const model = buildPretextModel(
      { task: 'simclr', options, sampleCount: count },
      { encoder, inputShape: [...imageShape], modality: 'image', batchSize: batch, channelStatistics },
    );
    program = createPretextProgram({
      model,
      encoder,
      channelStatistics,
      optimizer: createOptimizer({ kind: 'adamw', weightDecay: 1e-4 }),
      sample: { shape: [...imageShape], dtype: 'uint8' },
      batchSize: batch,
      seed: 1,
    });
    source = await createBatchSource({
      datasets: [
        {
          shard: images,
          offsets: Float64Array.from({ length: count }, (_, index) => index * sampleBytes),
          sampleBytes,
          dtype: 'uint8',
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
