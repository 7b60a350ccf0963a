import { beforeAll, expect, it } from 'vitest';
import type { PretextModel } from '../../../../../src/learning/pretext/task.ts';
import {
  eagerProgram,
  seedOf,
  startTensorFlow,
  tf,
  type Scalar,
  type State,
} from '../../../../../src/tensor/index.ts';
import {
  healthEntries,
  LOSS,
  VIEWS,
  type HealthDesign,
} from '../../../../../src/training/pretext/health/program.ts';

beforeAll(() => startTensorFlow({ threads: 1 }));

const names = { parameters: ['weight'], statistics: ['seen'], buffers: ['queue'], slots: ['slot'] };
const given: { training: boolean; names: string[] }[] = [];
const model = {
  loss(input: { parameters: State; statistics: State; buffers: State; samples: never; training: boolean }) {
    const { parameters, statistics, buffers, samples, training } = input;
    given.push({ training, names: Object.keys({ ...parameters, ...statistics, ...buffers }) });
    return { loss: tf.mean(tf.mul(tf.cast(samples, 'float32'), parameters['weight']!)) as Scalar };
  },
} as unknown as PretextModel;
/** The mean of each view's pixels, as the encoder gets them. */
const encoder = {
  featureCount: 1,
  apply: (_state: unknown, x: never) => ({ features: tf.mean(x, [1, 2]) }),
} as unknown as HealthDesign['encoder'];

function program(loss: HealthDesign['loss'] = { model, batchSize: 3 }) {
  const design: HealthDesign = {
    encoder,
    channelStatistics: { mean: [100], standardDeviation: [50] },
    sample: { shape: [8, 8, 1], dtype: 'uint8' },
    modality: 'image',
    loss,
  };
  const initial = { weight: tf.scalar(2), seen: tf.scalar(0), queue: tf.scalar(0), slot: tf.scalar(0) };
  return { entries: healthEntries(design, names), initial };
}

it('takes the loss as it is outside of training, and moves nothing', () => {
  const { entries, initial } = program();
  const eager = eagerProgram(initial, entries);
  const before = eager.readState();
  const samples = new Uint8Array(3 * 64).fill(7);
  const { loss } = eager.run(LOSS, { samples, seed: seedOf(1, 1), progress: 0.5 });
  expect(loss![0]).toBe(14);
  expect(given).toEqual([{ training: false, names: ['weight', 'seen', 'queue'] }]);
  expect(eager.readState()).toEqual(before);
  eager.dispose();
});

it('looks at two views of each sample, drawn by the seed alone', () => {
  const { entries, initial } = program(null);
  expect(Object.keys(entries)).toEqual([`${VIEWS}/64`]);
  const eager = eagerProgram(initial, entries);
  const samples = Uint8Array.from({ length: 64 * 64 }, (_, at) => (37 * at) % 251);
  const look = (seed: number) => [
    ...eager.run(`${VIEWS}/64`, { samples, seed: seedOf(seed, 1) })['features']!,
  ];
  const found = look(1);
  // One feature of the first view, one of the second.
  expect(found).toHaveLength(128);
  const apart = Array.from({ length: 64 }, (_, at) => found[2 * at] !== found[2 * at + 1]);
  expect(apart.filter(Boolean).length).toBeGreaterThan(32);
  expect(look(1)).toEqual(found);
  expect(look(2)).not.toEqual(found);
  eager.dispose();
});
