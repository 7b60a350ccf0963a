/** SimCLR as a run does it: stored samples in a shard, views inside the compiled step, AdamW. */
import type { Modality } from '../../../src/contract/recipe/recipe.ts';
import { createBatchSource } from '../../../src/data/index.ts';
import type { ChannelStatistics } from '../../../src/learning/channels.ts';
import type { Encoder } from '../../../src/learning/encoders/encoder.ts';
import { buildPretextModel } from '../../../src/learning/pretext/registry.ts';
import { seedOf } from '../../../src/tensor/index.ts';
import { createOptimizer } from '../../../src/training/step/optimizers.ts';
import { createPretextProgram } from '../../../src/training/pretext/program.ts';
import { sampleBytes } from '../../../src/training/samples/reader.ts';
import { parameterCount } from './network.ts';

export interface SimclrData {
  encoder: Encoder;
  modality: Modality;
  /** Of one sample. */
  inputShape: number[];
  dtype: 'uint8' | 'float32';
  channelStatistics: ChannelStatistics;
  /** Nothing but samples, one behind the other. */
  file: string;
  count: number;
}

export interface SimclrRun {
  /** Trainable numbers. */
  parameters: number;
  /** Takes so many steps. */
  run(steps: number): Promise<void>;
}

/** @param options of the task */
export async function prepareSimclr(
  data: SimclrData,
  batchSize: number,
  options: Record<string, unknown> = {},
): Promise<SimclrRun> {
  const { encoder, modality, inputShape, dtype, channelStatistics, file, count } = data;
  const model = buildPretextModel(
    { task: 'simclr', options, sampleCount: count },
    { encoder, inputShape, modality, batchSize, channelStatistics },
  );
  const program = createPretextProgram({
    model,
    encoder,
    channelStatistics,
    optimizer: createOptimizer({ kind: 'adamw', weightDecay: 1e-4 }),
    sample: { shape: inputShape, dtype },
    batchSize,
    seed: 1,
  });
  const bytesOfOne = sampleBytes({ shape: inputShape, dtype });
  const shard = {
    shard: file,
    offsets: Float64Array.from({ length: count }, (_, index) => index * bytesOfOne),
    sampleBytes: bytesOfOne,
    dtype,
    indices: Int32Array.from({ length: count }, (_, index) => index),
  };
  const source = await createBatchSource({ datasets: [shard], batchSize, seed: 1 });
  return {
    parameters: parameterCount(model.parameters(1)),
    async run(steps) {
      for (let done = 0; done < steps; done++) {
        const { samples, step } = await source.next();
        program.run('train', { samples, seed: seedOf(1, step), learningRate: 0.001, progress: 0 });
      }
    },
  };
}
