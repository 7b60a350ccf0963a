import { beforeAll, describe, expect, it } from 'vitest';
import {
  compileProgram,
  linear,
  startTensorFlow,
  tf,
  type Entry,
  type Precision,
  type Scalar,
  type State,
} from '../../../../src/tensor/index.ts';
import { createOptimizer } from '../../../../src/training/step/optimizers.ts';
import { precisionOf } from '../../../../src/training/step/precision.ts';
import { createTrainingStep } from '../../../../src/training/step/step.ts';
import { runStep, microBatches } from '../../../../src/training/step/micro-batches.ts';

beforeAll(async () => {
  await startTensorFlow({ threads: 2 });
});

const SAMPLES = 8;
const wave = (count: number, factor: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(factor * (i + 1)));

/** Regression of sines by two layers: a mean over samples, without batch norm. */
function regression(options: { precision?: Precision; accumulation?: number; lossFactor?: number }) {
  const { precision, accumulation = 1, lossFactor = 1 } = options;
  const optimizer = createOptimizer({ kind: 'momentum', weightDecay: 0 });
  const step = createTrainingStep({ optimizer, precision, accumulation });
  const parameters: State = {
    first: tf.tensor2d(wave(12, 0.7), [3, 4]),
    firstBias: tf.zeros([4]),
    second: tf.tensor2d(wave(4, 1.3), [4, 1]),
    secondBias: tf.zeros([1]),
  };
  const slots = step.slots(parameters);
  const rows = SAMPLES / accumulation;
  const inputs = {
    samples: { shape: [rows, 3], dtype: 'float32' as const },
    targets: { shape: [rows, 1], dtype: 'float32' as const },
    seed: { shape: [2], dtype: 'int32' as const },
    progress: { shape: [], dtype: 'float32' as const },
  };
  const inputOf = (state: State, given: State) => ({
    loss: (own: State) => {
      const hidden = tf.tanh(linear(given['samples']!, own['first']!, own['firstBias']!));
      const error = tf.sub(linear(hidden, own['second']!, own['secondBias']!), given['targets']!);
      return { loss: tf.mul(tf.mean(tf.square(error)), lossFactor) as Scalar };
    },
    parameters: Object.fromEntries(Object.keys(parameters).map((name) => [name, state[name]!])),
    slots: Object.fromEntries(Object.keys(slots).map((name) => [name, state[name]!])),
  });
  const entries: Record<string, Entry> = {
    train: {
      inputs: { ...inputs, learningRate: { shape: [], dtype: 'float32' } },
      run(state, given) {
        const taken = step.take(inputOf(state, given), given['learningRate'] as Scalar);
        return { state: taken.state, outputs: { loss: taken.value, ...taken.metrics } };
      },
    },
    accumulate: {
      inputs,
      run(state, given) {
        const { value, slots: sums } = step.accumulate(inputOf(state, given));
        return { state: sums, outputs: { loss: value } };
      },
    },
  };
  if (accumulation === 1) delete entries['accumulate'];
  const program = compileProgram({ ...parameters, ...slots }, entries);
  const batch = { samples: wave(3 * SAMPLES, 0.9), targets: wave(SAMPLES, 2.1) };
  const run = (learningRate = 0.1) =>
    runStep(program, microBatches(batch, accumulation), { learningRate, progress: 0 }, (part) =>
      Int32Array.of(1, part),
    );
  return { program, run };
}

const weightsOf = ({ program }: ReturnType<typeof regression>) =>
  ['first', 'firstBias', 'second', 'secondBias'].flatMap((name) => [...program.readState()[name]!.values]);
const farthest = (a: number[], b: number[]) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

describe('gradient accumulation', () => {
  it('moves the weights as the whole batch does, step after step', () => {
    const whole = regression({});
    const start = weightsOf(whole);
    for (const accumulation of [2, 4]) {
      const parts = regression({ accumulation });
      const reference = regression({});
      for (let step = 0; step < 5; step++)
        expect(parts.run()['loss']).toBeCloseTo(reference.run()['loss']!, 5);
      expect(farthest(weightsOf(parts), weightsOf(reference))).toBeLessThan(1e-5);
      expect(farthest(weightsOf(parts), start)).toBeGreaterThan(0.05);
      const { values } = parts.program.readState()['optimizer/sum/first']!;
      expect(Math.max(...values.map(Math.abs))).toBe(0);
    }
  });

  it('moves nothing before its last part', () => {
    const parts = regression({ accumulation: 2 });
    const before = weightsOf(parts);
    const batch = { samples: wave(12, 0.9), targets: wave(4, 2.1) };
    parts.program.run('accumulate', { ...batch, seed: Int32Array.of(1, 1), progress: 0 });
    expect(weightsOf(parts)).toEqual(before);
  });
});

describe('mixed precision', () => {
  const learn = (precision: Precision) => {
    const found = regression({ precision });
    const losses = Array.from({ length: 30 }, () => found.run()['loss']!);
    return { losses, weights: weightsOf(found) };
  };

  it.each(['bfloat16', 'float16'] as const)(
    '%s learns as float32 does, with weights of float32',
    (precision) => {
      const [low, full] = [learn(precision), learn('float32')];
      expect(farthest(low.losses, full.losses)).toBeLessThan(0.02);
      expect(farthest(low.losses, full.losses)).toBeGreaterThan(0);
      expect(full.losses.at(-1)!).toBeLessThan(0.75 * full.losses[0]!);
      expect(low.losses.at(-1)!).toBeLessThan(0.75 * low.losses[0]!);
    },
  );

  it('leaves out steps whose gradients overflow, and halves the scale until they do not', () => {
    // The scaled gradient is beyond 65,504, the largest number of 16 bits, until the scale has fallen.
    const found = regression({ precision: 'float16', lossFactor: 1000 });
    const start = weightsOf(found);
    const first = found.run(1e-4);
    expect(first).toMatchObject({ skipped: 1, lossScale: 2 ** 15 });
    expect(Number.isFinite(first['loss'])).toBe(true);
    expect(weightsOf(found)).toEqual(start);
    let steps = 1;
    while (found.run(1e-4)['skipped'] === 1) steps++;
    const { values } = found.program.readState()['optimizer/lossScale']!;
    expect(values[0]).toBe(2 ** (15 - steps));
    expect(farthest(weightsOf(found), start)).toBeGreaterThan(0);
  });

  it('doubles the scale after 2,000 good steps, and keeps it in the state that checkpoints hold', () => {
    const found = regression({ precision: 'float16' });
    const state = found.program.readState();
    const good = { ...state['optimizer/goodSteps']!, values: Float32Array.of(1999) };
    found.program.writeState({ 'optimizer/goodSteps': good });
    expect(found.run(1e-3)['skipped']).toBe(0);
    expect(found.program.readState()['optimizer/lossScale']!.values[0]).toBe(2 ** 16);
    expect(found.program.readState()['optimizer/goodSteps']!.values[0]).toBe(0);
  });

  it('is what the device can do, and refused where it would only be slower', () => {
    expect(precisionOf('float32', 'cpu', true)).toBe('float32');
    expect(precisionOf(undefined, 'gpu', false)).toBe('float32');
    expect(precisionOf('mixed', 'cpu', true)).toBe('bfloat16');
    expect(precisionOf('mixed', 'gpu', false)).toBe('float16');
    expect(() => precisionOf('mixed', 'cpu', false)).toThrow('no instructions for numbers of 16 bits');
  });
});
