/** Pretraining with a task of this program, as a run does it, then the features of all images. */
import { statSync, writeFileSync } from 'node:fs';
import type { DatasetSelection } from '../../../src/contract/messages/dataset-selection.ts';
import { createBatchSource, type BatchSource } from '../../../src/data/index.ts';
import { buildEncoder } from '../../../src/learning/encoders/registry.ts';
import { buildPretextModel } from '../../../src/learning/pretext/registry.ts';
import { seedOf, startTensorFlow, tf, type Program, type State } from '../../../src/tensor/index.ts';
import { createOptimizer } from '../../../src/training/step/optimizers.ts';
import { featuresOf } from '../../../src/training/samples/features.ts';
import { createPretextProgram } from '../../../src/training/pretext/program.ts';
import { cosineLearningRate } from '../../../src/training/step/learning-rate.ts';
import type { MethodSetting } from '../benches/method-setting.ts';
import { serve } from '../protocol.ts';
import { createMethodWatch } from './method-health.ts';
import { parameterCount } from './network.ts';

let setting: MethodSetting;
let program: Program;
let source: BatchSource;

await serve<MethodSetting>({
  async start(options) {
    setting = options;
    const { side, width, features, batch, trained, seed, weightDecay, method } = setting;
    await startTensorFlow({ threads: setting.threads });
    const inputShape = [side, side, 1];
    const encoderOptions =
      setting.encoder === 'residual' ? { width, features } : { width: features, patch: setting.patch };
    const choice = { family: setting.encoder, options: encoderOptions };
    const encoder = buildEncoder(choice, 'image', inputShape);
    const channelStatistics = { mean: [setting.mean], standardDeviation: [setting.deviation] };
    const model = buildPretextModel(
      { task: method, options: setting.ours, sampleCount: trained },
      { encoder, inputShape, modality: 'image', batchSize: batch, channelStatistics },
    );
    program = createPretextProgram({
      model,
      encoder,
      channelStatistics,
      optimizer: createOptimizer({ kind: 'adamw', weightDecay }),
      sample: { shape: inputShape, dtype: 'uint8' },
      batchSize: batch,
      seed,
    });
    const sampleBytes = side * side;
    const dataset = {
      shard: setting.images,
      offsets: Float64Array.from({ length: trained }, (_, index) => index * sampleBytes),
      sampleBytes,
      dtype: 'uint8' as const,
      indices: Int32Array.from({ length: trained }, (_, index) => index),
    };
    source = await createBatchSource({ datasets: [dataset], batchSize: batch, seed });
    const first = model.parameters(seed);
    writeFileSync(setting.weights, matricesAsPyTorch(first));
    return { parameters: parameterCount(first) };
  },
  async run(count) {
    const { seed, learningRate: peak, warmupSteps, steps: totalSteps } = setting;
    const losses: number[] = [];
    const images = allImages();
    const unseen = Int32Array.from(images.offsets.keys()).subarray(setting.trained);
    const watch = createMethodWatch(program, images, unseen, setting);
    for (let step = 0; step < count; step++) {
      const { samples } = await source.next();
      const learningRate = cosineLearningRate({ peak, warmupSteps, totalSteps }, step);
      const inputs = { samples, seed: seedOf(seed, step), learningRate, progress: step / totalSteps };
      const told = Object.entries(program.run('train', inputs));
      const values = Object.fromEntries(told.map(([name, value]) => [name, value[0]!]));
      const loss = values['loss']!;
      if (!Number.isFinite(loss)) throw new Error(`the loss is no number any more at step ${step}`);
      losses.push(loss);
      await watch.step(step + 1, values);
    }
    await source.close();
    writeFileSync(setting.losses, JSON.stringify(losses));
    writeFileSync(setting.findings, JSON.stringify(watch.findings()));
    const { values } = await featuresOf(program, images, Int32Array.from(images.offsets.keys()));
    writeFileSync(setting.output, values);
  },
});

/**
 * Kernels lie as [places…, in, out] here and as [out, in, places…] in PyTorch. Vectors are left out: on both sides
 * they begin as ones (scales) and zeros (offsets, biases).
 */
function matricesAsPyTorch(parameters: State): Buffer {
  const parts = Object.entries(parameters).flatMap(([name, value]) => {
    if (value.rank < 2) return [];
    const [inputs, outputs] = [value.rank - 2, value.rank - 1];
    const order = [outputs, inputs, ...Array.from({ length: value.rank - 2 }, (_, axis) => axis)];
    const laid = name.endsWith('/kernel') ? tf.transpose(value, order) : value;
    return [Buffer.from((laid.dataSync() as Float32Array).slice().buffer)];
  });
  return Buffer.concat(parts);
}

function allImages(): DatasetSelection {
  const { side, images, mean, deviation } = setting;
  const count = statSync(images).size / (side * side);
  return {
    name: 'images',
    modality: 'image',
    shape: [side, side, 1],
    dtype: 'uint8',
    shard: images,
    offsets: Float64Array.from({ length: count }, (_, index) => index * side * side),
    splits: new Uint8Array(count),
    classIds: new Int32Array(count).fill(-1),
    numbers: new Float32Array(0),
    classNames: [],
    channelStatistics: { mean: [mean], standardDeviation: [deviation] },
  };
}
