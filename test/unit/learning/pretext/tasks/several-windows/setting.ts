/** A task on a few windows without views, and what its parts give op by op: for losses computed by hand. */
import { createPass } from '../../../../../../src/learning/layers/layer.ts';
import { buildEncoder } from '../../../../../../src/learning/encoders/registry.ts';
import { buildPretextModel, companionsOf } from '../../../../../../src/learning/pretext/registry.ts';
import type { SampleFacts } from '../../../../../../src/learning/pretext/task.ts';
import { tf, type Tensor } from '../../../../../../src/tensor/index.ts';
import { seed, signalsOf } from '../../../helpers.ts';

export const COUNT = 6;
const shape = [32, 2];
export const still = {
  cropProbability: 0,
  scaleProbability: 0,
  noiseProbability: 0,
  channelDropProbability: 0,
  timeMaskProbability: 0,
};

/** The loss and metrics of a task, how many windows of each sample it read, its parameters, and features of all windows as it sees them. */
export function taskOn(task: string, options: Record<string, unknown> = {}) {
  const context = { modality: 'signal' as const, inputShape: shape, sampleCount: 100 };
  const chosen = { signalViews: still, ...options };
  const each = companionsOf(task, chosen, context)!.count;
  const samples = signalsOf(COUNT, ...(shape as [number, number]));
  const companions = tf.reshape(tf.mul(signalsOf(COUNT * each, ...(shape as [number, number])), 0.7), [
    COUNT,
    each,
    ...shape,
  ]);
  // The last sample has none.
  const found = tf.tensor2d(
    Array.from({ length: COUNT }, (_, row) => new Array<number>(each).fill(row < COUNT - 1 ? 1 : 0)),
  );
  const facts: SampleFacts = {
    companions,
    found,
    group: tf.tensor1d([0, 0, 0, 1, 1, 1], 'int32'),
    recording: tf.tensor1d([0, 0, 1, 1, 2, 2], 'int32'),
    time: tf.tensor1d([0, 32, 0, 3200, 0, 6400]),
  };
  const encoder = buildEncoder(
    { family: 'residual', options: { width: 8, features: 8, stages: 2 } },
    'signal',
    shape,
  );
  let read = 0;
  const counted: typeof encoder = {
    ...encoder,
    apply(pass, x, options) {
      read += x.shape[0]!;
      return encoder.apply(pass, x, options);
    },
  };
  const channelStatistics = { mean: [0, 0], standardDeviation: [1, 1] };
  const model = buildPretextModel(
    { task, options: chosen, sampleCount: 100 },
    { encoder: counted, inputShape: shape, modality: 'signal', batchSize: COUNT, channelStatistics },
  );
  const parameters = model.parameters(3);
  const output = model.loss({
    parameters,
    statistics: model.statistics(),
    buffers: {},
    samples,
    facts,
    seed: seed(1),
    training: true,
    progress: tf.scalar(0.5),
  });
  const readEach = read / COUNT;
  const ordered = tf.transpose(companions, [1, 0, 2, 3]);
  const windows = tf.concat([samples, tf.reshape(ordered, [each * COUNT, ...shape])], 0);
  const features = (x: Tensor) =>
    encoder.apply({ parameters, statistics: encoder.statistics() }, x, { training: true }).features;
  const featuresOf = (x: Tensor) => features(x).arraySync() as number[][];
  const value = (name: string) => parameters[name]!;
  const pass = createPass({ parameters, statistics: model.statistics() }, true);
  return { output, readEach, pass, value, samples, companions, windows, features, featuresOf };
}

export const numberOf = (x: Tensor): number => x.dataSync()[0]!;

/** Rows of all windows apart: of samples, of first companions, … */
export const rowsApart = (rows: number[][]): number[][][] =>
  Array.from({ length: rows.length / COUNT }, (_, part) => rows.slice(part * COUNT, (part + 1) * COUNT));

/** log(1 + eˣ), the cross entropy of a yes where x is minus the logit. */
export const softplus = (x: number): number => Math.log1p(Math.exp(x));

export const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
