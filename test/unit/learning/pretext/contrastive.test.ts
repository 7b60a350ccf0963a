import { describe, expect, it } from 'vitest';
import { queueLength } from '../../../../src/learning/pretext/parts/contrastive-defaults.ts';
import { inShuffledGroups } from '../../../../src/learning/pretext/tasks/moco-v2.ts';
import { findPretextTask } from '../../../../src/learning/pretext/registry.ts';
import {
  compileProgram,
  eagerProgram,
  seedOf,
  tf,
  type StateArrays,
  type Tensor,
} from '../../../../src/tensor/index.ts';
import { maxDifference, seed, signalsOf } from '../helpers.ts';
import { pretextEntries, type Setting } from '../programs.ts';

const batchSize = 16;
const setting = (task: string, options: Record<string, unknown>): Setting => ({
  task,
  options: { projectionHidden: 8, projectionSize: 4, ...options },
  modality: 'signal',
  inputShape: [32, 2],
  encoder: 'residual',
  encoderOptions: { width: 8, features: 8, stages: 2 },
  batchSize,
});
const samples = signalsOf(batchSize, 32, 2).dataSync() as Float32Array;
const inputs = (step: number, progress = 0.5) => ({ samples, seed: seedOf(3, step), progress });

const rowsOf = ({ values, shape }: StateArrays[string]) =>
  Array.from({ length: shape[0]! }, (_, row) =>
    Array.from(values.subarray(row * shape[1]!, (row + 1) * shape[1]!)),
  );
const lengthOf = (row: number[]) => Math.hypot(...row);

describe.each([
  { task: 'moco-v2', queue: 'queue/keys' },
  { task: 'nnclr', queue: 'queue/embeddings' },
])('the queue of $task', ({ task, queue }) => {
  it('begins with random directions, takes each batch in front and lets the oldest go', () => {
    const { initial, entries } = pretextEntries(setting(task, { queueSize: 40 }));
    const program = compileProgram(initial, { train: entries.train });
    const states = [0, 1, 2].map((step) => {
      const state = rowsOf(program.readState()[queue]!);
      program.run('train', inputs(step));
      return state;
    });
    program.dispose();
    const [empty, once, twice] = states as [number[][], number[][], number[][]];
    for (const row of [...empty, ...twice]) expect(lengthOf(row)).toBeCloseTo(1, 4);
    expect(once.slice(batchSize)).toEqual(empty.slice(0, 40 - batchSize));
    expect(twice.slice(batchSize)).toEqual(once.slice(0, 40 - batchSize));
    expect(twice.slice(0, batchSize)).not.toEqual(once.slice(0, batchSize));
  });
});

describe('the keys of MoCo v2', () => {
  const values = tf.reshape(tf.range(0, 40, 1, 'float32'), [20, 2]);

  it('are embedded in shuffled groups and come back in their order', () => {
    const sizes: number[] = [];
    const groups: number[][] = [];
    const found = inShuffledGroups(values, 2, seed(5), (group) => {
      sizes.push(group.shape[0]!);
      groups.push(Array.from(group.dataSync()));
      return tf.mul(group, 2);
    });
    expect(maxDifference(found, tf.mul(values, 2))).toBe(0);
    expect(sizes).toEqual([10, 10]);
    expect(groups[0]).not.toEqual(Array.from(values.dataSync()).slice(0, 20));
  });

  it('have groups of at least eight, and one where the batch is too small for two', () => {
    const count = (samples: Tensor, groups: number) => {
      let calls = 0;
      inShuffledGroups(samples, groups, seed(1), (group) => {
        calls++;
        return group;
      });
      return calls;
    };
    expect(count(values, 8)).toBe(2);
    expect(count(tf.zeros([15, 2]), 8)).toBe(1);
  });
});

describe('targets', () => {
  /** The gradient of one entry of a parameter, by the difference of losses, the buffers held. */
  const slopeOf = (task: string, options: Record<string, unknown>, name: string) => {
    const { initial, entries } = pretextEntries(setting(task, options));
    const program = eagerProgram(initial, { slopes: entries.slopes });
    const before = program.readState();
    const gradient = program.run('slopes', inputs(0))[name]! as Float32Array;
    const at = gradient.reduce(
      (best, value, i) => (Math.abs(value) > Math.abs(gradient[best]!) ? i : best),
      0,
    );
    const lossAt = (move: number) => {
      const values = (before[name]!.values as Float32Array).slice();
      values[at]! += move;
      program.writeState({ [name]: { ...before[name]!, values } });
      return program.run('slopes', inputs(0))['loss']![0]!;
    };
    const step = 2e-3;
    const numeric = (lossAt(step) - lossAt(-step)) / (2 * step);
    program.dispose();
    return { gradient: gradient[at]!, numeric };
  };

  it('get no gradient: of the keys of MoCo, the loss depends on the trained weights by the queries alone', () => {
    // With a momentum of 1 the target does not move, so the difference of losses sees the queries only.
    const of = 'projection/0/kernel';
    // Views that differ much: of views alike the keys tell little that the queries do not.
    const options = { queueSize: 32, signalViews: { cropProbability: 0.8 } };
    const { gradient, numeric } = slopeOf('moco-v2', { ...options, momentum: 1 }, of);
    expect(gradient / numeric).toBeCloseTo(1, 1);
    const followed = slopeOf('moco-v2', { ...options, momentum: 0 }, of);
    expect(Math.abs(followed.gradient / followed.numeric - 1)).toBeGreaterThan(0.1);
  });

  it('get no gradient in MoCo v3 either', () => {
    const options = { momentum: 1, signalViews: { cropProbability: 0.8 } };
    const { gradient, numeric } = slopeOf('moco-v3', options, 'projection/output/kernel');
    expect(gradient / numeric).toBeCloseTo(1, 1);
  });
});

describe('SwAV', () => {
  const options = { queueSize: 24, prototypes: 8, frozenPrototypes: 0.2 };

  it('holds its prototypes at the start of the run, then lets them learn', () => {
    const { initial, entries } = pretextEntries(setting('swav', options));
    const program = compileProgram(initial, { slopes: entries.slopes });
    const slopes = (progress: number) => program.run('slopes', inputs(0, progress));
    const largest = (values: ArrayLike<number>) => Math.max(...Array.from(values, Math.abs));
    expect(largest(slopes(0.1)['prototypes/kernel']!)).toBe(0);
    expect(largest(slopes(0.1)['projection/output/kernel']!)).toBeGreaterThan(0);
    expect(largest(slopes(0.3)['prototypes/kernel']!)).toBeGreaterThan(0);
    program.dispose();
  });

  it('fills an empty queue for each large view, and balances with it only when its time has come', () => {
    const { initial, entries } = pretextEntries(setting('swav', { ...options, queueFrom: 0.5 }));
    const program = compileProgram(initial, { train: entries.train, slopes: entries.slopes });
    const filled = () => rowsOf(program.readState()['queue/second']!).filter((row) => lengthOf(row) > 0.5);
    const lossAt = (progress: number) => program.run('slopes', inputs(7, progress))['loss']![0]!;
    expect(filled()).toHaveLength(0);
    expect(lossAt(0.6)).toBeCloseTo(lossAt(0.4), 6);
    program.run('train', inputs(0));
    expect(filled()).toHaveLength(16);
    program.run('train', inputs(1));
    expect(filled()).toHaveLength(24);
    expect(Math.abs(lossAt(0.6) - lossAt(0.4))).toBeGreaterThan(1e-4);
    program.dispose();
  });

  it('leaves small crops out of small images, and proposes a queue for small batches', () => {
    const propose = (inputShape: number[], sampleCount: number) =>
      findPretextTask('swav', 'image').defaults({ modality: 'image', inputShape, sampleCount }).options;
    expect(propose([32, 32, 3], 5_000)).toMatchObject({ smallCrops: { count: 0 }, queueSize: 0 });
    expect(propose([96, 64, 3], 1000)).toMatchObject({ smallCrops: { count: 4 }, queueSize: 512 });
  });

  it('proposes prototypes by the number of samples, and a queue where they outgrow half a batch', () => {
    const propose = (sampleCount: number) =>
      findPretextTask('swav', 'image').defaults({ modality: 'image', inputShape: [32, 32, 3], sampleCount })
        .options;
    expect(propose(100)).toMatchObject({ prototypes: 32 });
    expect(propose(5_000)).toMatchObject({ prototypes: 128, queueSize: 0 });
    expect(propose(12_000)).toMatchObject({ prototypes: 256, queueSize: 256 });
    // 2 × 2048 embeddings for balancing, 256 of them in the batch.
    expect(propose(1_000_000)).toMatchObject({ prototypes: 2048, queueSize: 4096 });
  });
});

describe('a proposed queue', () => {
  it('is a power of two near its share of the samples, between four batches and its limit', () => {
    expect(queueLength(50_000, 0.25, 65_536)).toBe(16_384);
    expect(queueLength(1_000_000, 0.25, 65_536)).toBe(65_536);
    expect(queueLength(300, 0.25, 65_536)).toBe(4 * 64);
  });
});
