import { statisticsOfColumns } from '../../../src/contract/data/columns.ts';
import { buildEncoder } from '../../../src/learning/encoders/registry.ts';
import { normalizeChannels } from '../../../src/learning/channels.ts';
import type { FeatureMatrix } from '../../../src/learning/evaluation/probes/features.ts';
import { buildPretextModel, companionsOf, findPretextTask } from '../../../src/learning/pretext/registry.ts';
import { randomStream, shuffled } from '../../../src/learning/random.ts';
import {
  gradients,
  seedOf,
  tf,
  type Entry,
  type Program,
  type State,
  type Tensor,
} from '../../../src/tensor/index.ts';
import { factInputs, factsAmong } from '../../../src/training/pretext/facts.ts';
import './helpers.ts';
import { tableColumns } from './tables.ts';

export interface Setting {
  modality: string;
  inputShape: number[];
  task: string;
  encoder: string;
  batchSize: number;
  encoderOptions?: Record<string, unknown>;
  options?: Record<string, unknown>;
}

const channelStatistics = ({ modality, inputShape }: Setting) => {
  if (modality === 'table') return statisticsOfColumns(tableColumns);
  return {
    mean: new Array<number>(inputShape.at(-1)!).fill(modality === 'image' ? 128 : 0),
    standardDeviation: new Array<number>(inputShape.at(-1)!).fill(modality === 'image' ? 64 : 1),
  };
};

const aboutOf = ({ modality }: Setting) => (modality === 'table' ? { columns: tableColumns } : {});

/** The state after a step of Adam without decay. */
function adamStep(
  state: State,
  grads: Record<string, Tensor>,
  { statistics, buffers }: { statistics?: State; buffers?: State },
): State {
  const next: State = { ...statistics, ...buffers };
  for (const [name, gradient] of Object.entries(grads)) {
    const mean = tf.add(tf.mul(state[`mean/${name}`]!, 0.9), tf.mul(gradient, 0.1));
    const square = tf.add(tf.mul(state[`square/${name}`]!, 0.99), tf.mul(tf.square(gradient), 0.01));
    next[`mean/${name}`] = mean;
    next[`square/${name}`] = square;
    next[name] = tf.sub(state[name]!, tf.mul(0.002, tf.div(mean, tf.add(tf.sqrt(square), 1e-4))));
  }
  return next;
}

/** A pretext run in its plainest form: Adam without decay, and embedding. */
export function pretextEntries(setting: Setting) {
  const { modality, inputShape, batchSize } = setting;
  const statistics = channelStatistics(setting);
  const encoder = buildEncoder(
    { family: setting.encoder, options: setting.encoderOptions ?? {} },
    modality,
    inputShape,
    aboutOf(setting),
  );
  const model = buildPretextModel(
    { task: setting.task, options: setting.options ?? {}, sampleCount: 1000 },
    { encoder, inputShape, modality, batchSize, channelStatistics: statistics, about: aboutOf(setting) },
  );
  const parameters = model.parameters(1);
  const others = { ...model.statistics(), ...model.buffers(1) };
  const slots = Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) => [
      [`mean/${name}`, tf.zerosLike(value)],
      [`square/${name}`, tf.zerosLike(value)],
    ]),
  );
  const pick = (state: State, names: string[]) =>
    Object.fromEntries(names.map((name) => [name, state[name]!]));
  const samples = {
    shape: [batchSize, ...inputShape],
    dtype: modality === 'image' ? ('uint8' as const) : ('float32' as const),
  };
  const { needsLabels = false, asks = [] } = findPretextTask(setting.task, modality);
  const companions = companionsOf(setting.task, setting.options ?? {}, {
    modality,
    inputShape,
    sampleCount: 1000,
    about: aboutOf(setting),
  });
  const gradientsOf = (state: State, inputs: Record<string, Tensor>) =>
    gradients(
      (moving) =>
        model.loss({
          parameters: moving,
          statistics: pick(state, Object.keys(model.statistics())),
          buffers: pick(state, Object.keys(model.buffers(1))),
          samples: inputs['samples']!,
          labels: inputs['labels'],
          facts: factsAmong(asks, inputs),
          seed: inputs['seed']!,
          progress: inputs['progress']!,
          training: true,
        }),
      pick(state, Object.keys(parameters)),
    );
  const train: Entry = {
    inputs: {
      samples,
      ...(needsLabels && { labels: { shape: [batchSize], dtype: 'int32' as const } }),
      ...factInputs({ asks, companions }, { shape: inputShape, dtype: samples.dtype }, batchSize),
      seed: { shape: [2], dtype: 'int32' },
      progress: { shape: [], dtype: 'float32' },
    },
    run(state, inputs) {
      const { value, grads, extra } = gradientsOf(state, inputs);
      return { state: adamStep(state, grads, extra), outputs: { loss: value, ...extra.metrics } };
    },
  };
  /** The same step, which shows the gradients too: one graph to compile where a test asks for both. */
  const trainWithSlopes: Entry = {
    ...train,
    run(state, inputs) {
      const { value, grads, extra } = gradientsOf(state, inputs);
      return { state: adamStep(state, grads, extra), outputs: { loss: value, ...grads } };
    },
  };
  const slopes: Entry = {
    ...train,
    run(state, inputs) {
      const { value, grads } = gradientsOf(state, inputs);
      return { state: {}, outputs: { loss: value, ...grads } };
    },
  };
  const embed: Entry = {
    inputs: { samples },
    run(state, inputs) {
      const x = normalizeChannels(inputs['samples']!, statistics);
      const { features } = encoder.apply({ parameters: state, statistics: state }, x, { training: false });
      return { state: {}, outputs: { features } };
    },
  };
  return {
    encoder,
    model,
    needsLabels,
    asks,
    companions,
    initial: { ...parameters, ...others, ...slots } as State,
    entries: { train, trainWithSlopes, embed, slopes },
  };
}

/** Features of whole batches of samples. */
export function embedAll(
  program: Program,
  samples: Uint8Array | Float32Array,
  setting: Setting,
  columns: number,
): FeatureMatrix {
  const size = setting.inputShape.reduce((product, side) => product * side, 1) * setting.batchSize;
  const batches = samples.length / size;
  const values = new Float32Array(batches * setting.batchSize * columns);
  for (let i = 0; i < batches; i++) {
    const { features } = program.run('embed', { samples: samples.slice(i * size, (i + 1) * size) });
    values.set(features as Float32Array, i * setting.batchSize * columns);
  }
  return { values, rows: batches * setting.batchSize, columns };
}

/** Trains on shuffled samples, with their classes if they are given; what each step gave: its loss and metrics. */
export function trainSteps(
  program: Program,
  samples: Uint8Array | Float32Array,
  { inputShape, batchSize }: Setting,
  steps: number,
  classIds?: Int32Array,
): Record<string, number>[] {
  const size = inputShape.reduce((product, side) => product * side, 1);
  const count = samples.length / size;
  const perEpoch = Math.floor(count / batchSize);
  let order: number[] = [];
  return Array.from({ length: steps }, (_, step) => {
    if (step % perEpoch === 0) order = shuffled([...Array(count).keys()], randomStream(step, 'order'));
    const chosen = order.slice((step % perEpoch) * batchSize, ((step % perEpoch) + 1) * batchSize);
    const batch = samples.slice(0, batchSize * size);
    chosen.forEach((row, place) => batch.set(samples.subarray(row * size, (row + 1) * size), place * size));
    const outputs = program.run('train', {
      samples: batch,
      ...(classIds && { labels: Int32Array.from(chosen, (row) => classIds[row]!) }),
      seed: seedOf(1, step),
      progress: step / steps,
    });
    return Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, values[0]!]));
  });
}
