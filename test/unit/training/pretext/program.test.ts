import { beforeAll, describe, expect, it } from 'vitest';
import type { PretextModel } from '../../../../src/learning/pretext/task.ts';
import {
  eagerProgram,
  seedOf,
  startTensorFlow,
  tf,
  type Scalar,
  type State,
} from '../../../../src/tensor/index.ts';
import {
  createPretextProgram,
  pretextFacts,
  pretextProgramParts,
  SPREAD,
  WISH,
  type PretextProgramDesign,
} from '../../../../src/training/pretext/program.ts';
import { pretextSchema } from '../../../../src/contract/recipe/recipe.ts';
import { createOptimizer } from '../../../../src/training/step/optimizers.ts';

beforeAll(() => startTensorFlow({ threads: 1 }));

/** Learns the mean of its samples: loss mean((weight − x)²), whose gradient is 2 (weight − mean). */
const model = {
  parameters: () => ({ weight: tf.scalar(1) }),
  statistics: () => ({ seen: tf.scalar(0) }),
  buffers: () => ({ queue: tf.scalar(5) }),
  loss({
    parameters,
    statistics,
    buffers,
    samples,
    progress,
  }: Record<string, State> & { samples: never; progress: never }) {
    const error = tf.sub(parameters!['weight']!, samples);
    return {
      loss: tf.mean(tf.square(error)) as Scalar,
      statistics: { seen: tf.add(statistics!['seen']!, 1) },
      buffers: { queue: tf.add(buffers!['queue']!, 10) },
      metrics: { progress: tf.mul(progress, 2) as Scalar },
    };
  },
} as unknown as PretextModel;

const design = (more: Partial<PretextProgramDesign> = {}): PretextProgramDesign => ({
  model,
  encoder: {
    featureCount: 2,
    apply: (_state: unknown, x: never) => ({ features: tf.concat([x, tf.mul(x, 2)], 1) }),
  } as unknown as PretextProgramDesign['encoder'],
  optimizer: createOptimizer({ kind: 'momentum', weightDecay: 0 }),
  channelStatistics: { mean: [10], standardDeviation: [2] },
  sample: { shape: [1], dtype: 'float32' },
  batchSize: 2,
  seed: 1,
  ...more,
});
const step = (samples: number[], more: object = {}) => ({
  samples: Float32Array.from(samples),
  seed: seedOf(1, 1),
  progress: 0.25,
  ...more,
});

describe('the program of a pretext run', () => {
  it('takes a step downhill, and keeps statistics and buffers that the task moves', () => {
    const program = createPretextProgram(design(), eagerProgram);
    const { loss, progress } = program.run('train', step([3, 5], { learningRate: 0.1 }));
    // (1 − 3)² and (1 − 5)²; downhill by 0.1 · 2 · (1 − 4).
    expect([loss![0], progress![0]]).toEqual([10, 0.5]);
    const state = program.readState();
    expect(state['weight']!.values[0]).toBeCloseTo(1.6, 6);
    expect([state['seen']!.values[0], state['queue']!.values[0]]).toEqual([1, 15]);
    program.dispose();
  });

  it('computes one step in parts as in one, and moves buffers once', () => {
    const program = createPretextProgram(design({ accumulation: 2 }), eagerProgram);
    program.run('accumulate', step([3, 5]));
    expect(program.readState()['weight']!.values[0]).toBe(1);
    program.run('train', step([7, 9], { learningRate: 0.1 }));
    const state = program.readState();
    // The mean of all four is 6.
    expect(state['weight']!.values[0]).toBeCloseTo(1 + 0.1 * 2 * 5, 5);
    expect([state['seen']!.values[0], state['queue']!.values[0]]).toEqual([2, 15]);
    program.dispose();
  });

  it('embeds samples as the encoder sees them: at mean 0 and deviation 1', () => {
    const program = createPretextProgram(design(), eagerProgram);
    const samples = Float32Array.from({ length: 32 }, (_, at) => at);
    const { features } = program.run('embed/32', { samples });
    expect([...features!].slice(0, 4)).toEqual([-5, -10, -4.5, -9]);
    program.dispose();
  });

  it('has the entries and inputs that it needs, and no others', () => {
    const entriesOf = (more: Partial<PretextProgramDesign>) => {
      const { initial, entries } = pretextProgramParts(design(more));
      for (const tensor of Object.values(initial)) tensor.dispose();
      return entries;
    };
    expect(Object.keys(entriesOf({})).toSorted()).toEqual(['embed/256', 'embed/32', 'train']);
    expect(Object.keys(entriesOf({})['train']!.inputs)).toEqual([
      'samples',
      'seed',
      'progress',
      'learningRate',
    ]);
    const shared = entriesOf({ part: { processes: 2, rank: 0 }, needsLabels: true });
    expect(shared[SPREAD]).toBeDefined();
    expect(shared['train']!.inputs).toMatchObject({
      samples: { shape: [2, 1] },
      labels: { shape: [2], dtype: 'int32' },
      [WISH]: { shape: [] },
    });
    const more = entriesOf({ moreEntries: ({ parameters }) => ({ [`of-${parameters[0]}`]: {} as never }) });
    expect(more).toHaveProperty('of-weight');
  });
});

it('says which runs may be computed in parts: those whose loss is a mean over samples', () => {
  const facts = (task: string) =>
    pretextFacts(pretextSchema.parse({ task, batchSize: 64, accumulation: 2 }), 'image');
  expect(facts('rotation')).toEqual({ stage: 'pretext', batchSize: 64, accumulation: 2, accumulates: true });
  expect(facts('simclr').accumulates).toBe(false);
});
