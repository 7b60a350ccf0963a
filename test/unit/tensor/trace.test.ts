import { describe, expect, it } from 'vitest';
import {
  compileProgram,
  eagerProgram,
  tf,
  TraceError,
  type State,
  type Tensor,
  type TensorSpec,
} from '../../../src/tensor/index.ts';
import './helpers.ts';

describe('a trace refuses what would be frozen, and names the operation, the entry and the line', () => {
  const outside = tf.tensor1d([1, 2]);
  const used = tf.tensor1d([3, 4]);
  used.dataSync();
  tf.tidy(() => void tf.square(used));
  const vector: TensorSpec = { shape: [2], dtype: 'float32' };
  const cases: [string, (x: Tensor) => Tensor, string, RegExp][] = [
    ['a tensor made outside', (x) => tf.add(x, outside), 'Add', /made outside the entry/],
    ['an outside tensor that was used before', (x) => tf.mul(x, used), 'Mul', /made outside the entry/],
    ['an outside tensor as output', () => outside, 'output "y"', /made outside the entry/],
    ['values read by dataSync', (x) => tf.scalar(tf.square(x).dataSync()[0]!), 'Square', /values are read/],
    [
      'random numbers of tfjs',
      (x) => tf.add(x, tf.randomNormal([2])),
      'Math.random',
      /JavaScript random number/,
    ],
    [
      'seeded random numbers of tfjs',
      (x) => tf.add(x, tf.randomUniform([2], 0, 1, 'float32', 7)),
      'randomUniform_',
      /same in every step/,
    ],
    ['Math.random', (x) => tf.mul(x, Math.random()), 'Math.random', /JavaScript random number/],
    [
      'stateful random operations',
      (x) => tf.multinomial(x as never, 3, 1).toFloat(),
      'Multinomial',
      /hidden state/,
    ],
    [
      'large constants',
      (x) => tf.add(x, tf.sum(tf.tensor1d(Float32Array.from({ length: 2 ** 21 }, (_, i) => i)))),
      'Sum',
      /8\.0 MiB/,
    ],
  ];
  for (const [name, body, op, problem] of cases) {
    it(name, () => {
      const entries = {
        broken: {
          inputs: { x: vector },
          run: (_: State, { x }: State) => ({ state: {}, outputs: { y: body(x!) } }),
        },
      };
      const tensors = tf.memory().numTensors;
      let error: unknown;
      try {
        compileProgram({}, entries);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(TraceError);
      const { message, entry, op: found, place } = error as TraceError;
      expect(message).toMatch(problem);
      expect(entry).toBe('broken');
      expect(found).toBe(op);
      expect(place).toMatch(/trace\.test\.ts:\d+$/);
      expect(tf.memory().numTensors).toBe(tensors);
      // The backend and Math.random are as before.
      expect(Math.random()).toBeLessThan(1);
      expect(Array.from(outside.dataSync())).toEqual([1, 2]);
      expect(tf.tidy(() => tf.sum(used).dataSync()[0])).toBe(7);
    });
  }
});

describe('an entry that waits', () => {
  it('is refused, and so is an output that is no tensor', () => {
    const late = async (_: State, { x }: State) => ({
      state: {},
      outputs: { y: tf.scalar((await x!.data())[0]!) },
    });
    const waits = { inputs: { x: { shape: [1], dtype: 'float32' as const } }, run: late as never };
    expect(() => compileProgram({}, { waits })).toThrow(
      /Entry "waits", operation await: .* returned a promise/,
    );
    const wrong = { inputs: {}, run: () => ({ state: {}, outputs: { y: 3 as never } }) };
    for (const make of [compileProgram, eagerProgram]) {
      expect(() => make({}, { wrong }).run('wrong', {})).toThrow('Entry "wrong": output "y" is no tensor.');
    }
  });
});

describe('a program checks what it is given', () => {
  const entries = {
    run: {
      inputs: { x: { shape: [2], dtype: 'float32' as const } },
      run: (_: State, { x }: State) => ({ state: {}, outputs: { y: x! } }),
    },
  };
  for (const make of [compileProgram, eagerProgram]) {
    it(`${make.name}: inputs, entries and states that do not fit`, () => {
      const program = make({ s: tf.zeros([2]) }, entries);
      expect(() => program.run('run', {})).toThrow(
        'Input "x" of entry "run" must be Float32Array of shape [2]. Found: nothing.',
      );
      expect(() => program.run('run', { x: Int32Array.of(1, 2) })).toThrow('Found: Int32Array.');
      expect(() => program.run('run', { x: Float32Array.of(1) })).toThrow('Found: 1 numbers.');
      expect(() => program.run('run', { x: Float32Array.of(1, 2), z: 1 })).toThrow(
        'has no input "z". Its inputs: x.',
      );
      expect(() => program.run('walk', {})).toThrow('There is no entry "walk". There are: run.');
      expect(() =>
        program.writeState({ t: { shape: [2], dtype: 'float32', values: new Float32Array(2) } }),
      ).toThrow('no "t"');
      program.dispose();
    });
    it(`${make.name}: a state that changes its shape`, () => {
      const grow = {
        inputs: {},
        run: (state: State) => ({ state: { s: tf.concat([state.s!, state.s!]) }, outputs: {} }),
      };
      const run = () => make({ s: tf.zeros([2]) }, { grow }).run('grow', {});
      expect(run).toThrow('Entry "grow" returns state "s" as float32 [4]. It must stay float32 [2].');
    });
  }
});
