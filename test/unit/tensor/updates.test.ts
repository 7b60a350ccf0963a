import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  adamClock,
  adamStep,
  compileProgram,
  eagerProgram,
  momentumStep,
  tf,
  type Entry,
  type Program,
  type Scalar,
  type State,
} from '../../../src/tensor/index.ts';
import { nativeBackend, type Binding } from '../../../src/tensor/backend.ts';
import { difference, numbers, tensor } from './helpers.ts';

const shape = [3, 4];
const inputs = {
  gradient: { shape, dtype: 'float32' as const },
  rate: { shape: [], dtype: 'float32' as const },
};
const initial = (): State => ({
  weight: tensor(shape, -1, 1),
  velocity: tensor(shape, -0.1, 0.1, 3),
  mean: tensor(shape, -0.1, 0.1, 5),
  square: tensor(shape, 0, 0.1, 7),
  step: tf.scalar(3),
});

/** Kernels are decayed first, as the optimizers do it. */
const parameterOf = (state: State, rate: Scalar, decay: number) => ({
  before: state['weight']!,
  decayed: decay === 0 ? state['weight']! : tf.mul(state['weight']!, tf.sub(1, tf.mul(rate, decay))),
});

const momentumEntry = (decay: number, more: (before: State, after: State) => State = () => ({})): Entry => ({
  inputs,
  run(state, { gradient, rate }) {
    const parameter = parameterOf(state as State, rate as Scalar, decay);
    const options = { rate: rate as Scalar, momentum: 0.9 };
    const moved = momentumStep(parameter, state['velocity']!, gradient!, options);
    const after = { weight: moved.parameter, velocity: moved.velocity };
    return { state: after, outputs: more(state as State, after) };
  },
});

const adamEntry = (decay: number): Entry => ({
  inputs,
  run(state, { gradient, rate }) {
    const step = tf.add(state['step']!, 1) as Scalar;
    const clock = adamClock(step, { beta1: 0.9, beta2: 0.999, epsilon: 1e-3 });
    const parameter = parameterOf(state as State, rate as Scalar, decay);
    const moments = { mean: state['mean']!, square: state['square']! };
    const moved = adamStep(parameter, moments, gradient!, rate as Scalar, clock);
    return {
      state: { weight: moved.parameter, mean: moved.mean, square: moved.square, step },
      outputs: {},
    };
  },
});

/** Runs both programs for a few steps and requires equal states and outputs. */
function requireEqual(entry: Entry): void {
  const programs: Program[] = [compileProgram, eagerProgram].map((make) => make(initial(), { entry }));
  for (let step = 0; step < 4; step++) {
    const given = { gradient: numbers(12, -1, 1, 20 * step), rate: 0.1 };
    const [ours, theirs] = programs.map((program) => program.run('entry', given));
    for (const name of Object.keys(theirs!))
      expect(difference(ours![name]!, theirs![name]!)).toBeLessThan(1e-6);
  }
  const [ours, theirs] = programs.map((program) => program.readState());
  for (const [name, { values }] of Object.entries(theirs!))
    expect(difference(ours![name]!.values, values), name).toBeLessThan(2e-6);
  for (const program of programs) program.dispose();
}

/** How many operations of each kind that change variables are in the compiled graph of an entry. */
function changing(entry: Entry): Record<string, number> {
  const backend = nativeBackend();
  const addon = backend.binding;
  const counts: Record<string, number> = {};
  const loadSavedModel = (folder: string, tags: string) => {
    const text = readFileSync(join(folder, 'saved_model.pb'), 'latin1');
    for (const op of ['ResourceApplyMomentum', 'ResourceApplyAdam']) counts[op] = text.split(op).length - 1;
    return addon.loadSavedModel(folder, tags);
  };
  backend.binding = new Proxy({} as Binding, {
    get: (_, key) => (key === 'loadSavedModel' ? loadSavedModel : addon[key as keyof Binding]),
  });
  try {
    compileProgram(initial(), { entry }).dispose();
  } finally {
    backend.binding = addon;
  }
  return counts;
}

describe('an optimizer step as one operation on variables', () => {
  it.each([0, 0.2])('computes momentum as the operations do that it stands for, with decay %f', (decay) => {
    requireEqual(momentumEntry(decay));
  });

  it.each([0, 0.2])('computes Adam as the operations do that it stands for, with decay %f', (decay) => {
    requireEqual(adamEntry(decay));
  });

  it('leaves the old value to everything else that reads it, and the new one to what was computed from it', () => {
    requireEqual(
      momentumEntry(0.1, (before, after) => ({
        old: before['weight']!,
        oldProduct: tf.mul(before['weight']!, before['velocity']!),
        next: tf.mul(after['weight']!, 2),
      })),
    );
  });

  it('is one operation in the graph, for each parameter', () => {
    expect(changing(momentumEntry(0.1))).toEqual({ ResourceApplyMomentum: 1, ResourceApplyAdam: 0 });
    expect(changing(adamEntry(0.1))).toEqual({ ResourceApplyMomentum: 0, ResourceApplyAdam: 1 });
  });

  it('is not used where the entry stores something else', () => {
    const entry: Entry = {
      inputs,
      run(state, { gradient, rate }) {
        const parameter = parameterOf(state as State, rate as Scalar, 0);
        const options = { rate: rate as Scalar, momentum: 0.9 };
        const moved = momentumStep(parameter, state['velocity']!, gradient!, options);
        return {
          state: { weight: tf.mul(moved.parameter, 0.5), velocity: moved.velocity },
          outputs: { velocity: moved.velocity },
        };
      },
    };
    expect(changing(entry)['ResourceApplyMomentum']).toBe(0);
    requireEqual(entry);
  });

  it('gives the closed form of momentum', () => {
    const program = compileProgram(initial(), { entry: momentumEntry(0) });
    const [weight, velocity] = [numbers(12, -1, 1), numbers(12, -0.1, 0.1, 3)];
    const gradient = numbers(12, -1, 1, 9);
    program.run('entry', { gradient, rate: 0.1 });
    const { weight: found, velocity: kept } = program.readState();
    const expected = velocity.map((value, index) => 0.9 * value + gradient[index]!);
    expect(difference(kept!.values, expected)).toBeLessThan(1e-6);
    expect(
      difference(
        found!.values,
        weight.map((value, index) => value - 0.1 * expected[index]!),
      ),
    ).toBeLessThan(1e-6);
    program.dispose();
  });
});
