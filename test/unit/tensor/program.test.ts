import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nativeBackend } from '../../../src/tensor/backend.ts';
import {
  batchNormInference,
  batchNormTraining,
  childSeed,
  colorMatrix,
  compileProgram,
  conv1d,
  conv2d,
  conv2dTranspose,
  cropAndResize,
  dropout,
  eagerProgram,
  elu,
  gelu,
  globalAveragePool,
  gradients,
  integers,
  l2Normalize,
  layerNorm,
  leakyRelu,
  maxPool2d,
  normal,
  permutation,
  projectiveTransform,
  relu,
  seedOf,
  softmaxCrossEntropy,
  softmaxCrossEntropySoft,
  stopGradient,
  tf,
  toFloat,
  TraceError,
  uniform,
  type Entry,
  type State,
  type Tensor,
  type TensorSpec,
} from '../../../src/tensor/index.ts';
import { difference, tensor } from './helpers.ts';

const image: TensorSpec = { shape: [4, 6, 6, 3], dtype: 'uint8' };
const seedSpec: TensorSpec = { shape: [2], dtype: 'int32' };

/** A model that uses every kernel, with state of all types, and entries that share it. */
function everything(): { initial: State; entries: Record<string, Entry> } {
  const initial: State = {
    'model/kernel': tensor([3, 3, 3, 5]),
    'model/signal': tensor([3, 5, 5], -1, 1, 3),
    'model/up': tensor([2, 2, 2, 5]),
    'model/scale': tensor([5], 0.5, 1.5),
    'model/offset': tensor([5]),
    'model/head': tensor([5, 4]),
    'buffers/mean': tf.zeros([5]),
    'buffers/queue': tensor([8, 5], -1, 1, 11),
    'buffers/steps': tf.scalar(0, 'int32'),
    'buffers/flag': tf.tensor1d([true, false], 'bool'),
  };
  const network = (p: State, images: Tensor, seed: Tensor) => {
    const norm = batchNormTraining(conv2d(images, p['model/kernel']!), p['model/scale']!, p['model/offset']!);
    let h: Tensor = maxPool2d(gelu(elu(leakyRelu(relu(norm.y)))), 2);
    const up = conv2dTranspose(h, p['model/up']!, 2);
    h = conv1d(tf.reshape(h, [h.shape[0]!, 9, 5]), p['model/signal']!, 2);
    h = batchNormInference(h, p['model/scale']!, p['model/offset']!, norm.mean, norm.variance);
    h = layerNorm(h, p['model/scale']!, p['model/offset']!);
    const features = l2Normalize(dropout(globalAveragePool(h), 0.2, seed));
    return { features, up, mean: norm.mean, logits: tf.matMul(features, p['model/head']!) };
  };
  const train = (batch: number): Entry => ({
    inputs: {
      images: { ...image, shape: [batch, 6, 6, 3] },
      classes: { shape: [batch], dtype: 'int32' },
      seed: seedSpec,
      rate: { shape: [], dtype: 'float32' },
      some: { shape: [batch], dtype: 'bool' },
    },
    run: (state, inputs) => {
      const names = Object.keys(state).filter((name) => name.startsWith('model/'));
      const { value, grads, extra } = gradients(
        (p) => {
          const out = network(p, toFloat(inputs.images!, 1 / 255), childSeed(inputs.seed!, 'dropout'));
          const losses = [
            tf.mean(
              tf.where(inputs.some!, softmaxCrossEntropy(out.logits, inputs.classes!), tf.zeros([batch])),
            ),
            tf.mean(softmaxCrossEntropySoft(out.logits, stopGradient(tf.softmax(out.logits)))),
            tf.mean(tf.square(tf.matMul(out.features, state['buffers/queue']!, false, true))),
            tf.mean(tf.abs(out.up)),
          ];
          return { loss: tf.addN(losses) as never, mean: out.mean, features: out.features };
        },
        Object.fromEntries(names.map((name) => [name, state[name]!])),
      );
      const next: State = Object.fromEntries(
        names.map((name) => [name, tf.sub(state[name]!, tf.mul(grads[name]!, inputs.rate!))]),
      );
      next['buffers/mean'] = tf.add(tf.mul(state['buffers/mean']!, 0.9), tf.mul(extra.mean, 0.1));
      next['buffers/queue'] = tf.slice(
        tf.concat([extra.features, state['buffers/queue']!], 0),
        [0, 0],
        [8, 5],
      );
      next['buffers/steps'] = tf.add(state['buffers/steps']!, tf.scalar(1, 'int32'));
      next['buffers/flag'] = tf.logicalNot(state['buffers/flag']!);
      return {
        state: next,
        outputs: {
          loss: value,
          before: state['buffers/steps']!,
          best: tf.argMax(extra.features, 1),
          flag: state['buffers/flag']!,
        },
      };
    },
  });
  const views: Entry = {
    inputs: { images: image, seed: seedSpec },
    run: (_, { images, seed }) => {
      const boxes = tf.concat(
        [uniform([4, 2], seed!, 0, 0.3), uniform([4, 2], childSeed(seed!, 'far'), 0.6, 1)],
        1,
      );
      const crops = cropAndResize(images!, boxes, tf.range(0, 4, 1, 'int32'), [5, 5]);
      const moves = tf.concat([tf.ones([4, 1]), uniform([4, 5], seed!, -0.2, 0.2), tf.zeros([4, 2])], 1);
      const moved = projectiveTransform(crops, moves, [5, 5], 'bilinear', 'reflect');
      const coloured = colorMatrix(moved, normal([4, 3, 3], seed!), normal([4, 3], seed!));
      const parts = tf.split(coloured, 5, 1);
      const stacked = tf.stack([parts[0]!, parts[3]!, tf.tile(parts[1]!, [1, 1, 1, 1])], 1);
      return {
        state: {},
        outputs: {
          coloured,
          stacked: tf.cumsum(
            tf.pad(tf.squeeze(stacked), [
              [0, 0],
              [1, 0],
              [0, 0],
              [0, 0],
            ]),
            2,
          ),
          order: permutation(9, seed!),
          numbers: integers([6], seed!, -3, 9),
          top: tf.topk(tf.reshape(moved, [4, 75]), 3).indices,
          oneHot: tf.oneHot(integers([3], seed!, 0, 4), 4),
          turned: tf.transpose(images!, [0, 2, 1, 3]),
          bright: tf.any(tf.greater(coloured, 0.5), -1),
          gathered: tf.gather(images!, tf.tensor1d([3, 0], 'int32')),
        },
      };
    },
  };
  return { initial, entries: { train: train(4), 'train last': train(3), views } };
}

const inputs = (batch: number, step: number) => ({
  images: Uint8Array.from({ length: batch * 108 }, (_, i) => (i * 31 + step * 17) % 256),
  classes: Int32Array.from({ length: batch }, (_, i) => (i + step) % 4),
  seed: seedOf(5, step),
  rate: 0.1,
  some: Uint8Array.from({ length: batch }, (_, i) => (i % 3 === 0 ? 0 : 1)),
});

describe('a compiled program', () => {
  it('equals the eager one, over all entries and several steps', () => {
    const { initial, entries } = everything();
    const programs = [compileProgram(initial, entries), eagerProgram(initial, entries)];
    for (let step = 0; step < 4; step++) {
      const entry = step === 2 ? 'train last' : 'train';
      const batch = step === 2 ? 3 : 4;
      const [compiled, eager] = programs.map((program) => program.run(entry, inputs(batch, step)));
      const { images, seed } = inputs(4, step);
      const [left, right] = programs.map((program) => program.run('views', { images, seed }));
      for (const [ours, theirs] of [
        [compiled!, eager!],
        [left!, right!],
      ] as const) {
        expect(Object.keys(ours)).toEqual(Object.keys(theirs));
        for (const name of Object.keys(ours)) {
          expect(ours[name]!.constructor, name).toBe(theirs[name]!.constructor);
          expect(difference(ours[name]!, theirs[name]!), `${name}, step ${step}`).toBeLessThan(1e-6);
        }
      }
    }
    const [ours, theirs] = programs.map((program) => program.readState());
    for (const [name, value] of Object.entries(ours!)) {
      expect({ ...value, values: 0 }).toEqual({ ...theirs![name]!, values: 0 });
      expect(difference(value.values, theirs![name]!.values), name).toBeLessThan(1e-6);
    }
    expect(ours!['buffers/steps']!.values[0]).toBe(4);
    for (const program of programs) program.dispose();
  });

  it('gives back the state that was written, and goes on from it bit for bit', () => {
    const { initial, entries } = everything();
    const first = compileProgram(initial, entries);
    first.run('train', inputs(4, 0));
    const saved = first.readState();
    const expected = first.run('train', inputs(4, 1));
    const second = compileProgram(initial, entries);
    second.writeState(saved);
    expect(second.readState()).toEqual(saved);
    expect(second.run('train', inputs(4, 1))).toEqual(expected);
    second.writeState({ 'buffers/steps': { shape: [], dtype: 'int32', values: Int32Array.of(41) } });
    expect(second.run('train', inputs(4, 2)).before![0]).toBe(41);
    first.dispose();
    second.dispose();
  });

  it('keeps bytes as state', () => {
    const entries: Record<string, Entry> = {
      store: {
        inputs: { x: { shape: [3], dtype: 'uint8' } },
        run: (state, { x }) => ({ state: { x: x! }, outputs: { old: state.x! } }),
      },
    };
    const { initial, bytes } = { initial: tf.zeros([3], 'int32'), bytes: Uint8Array.of(1, 200, 255) };
    void initial;
    const zero = nativeBackend().createOutputTensor({
      id: nativeBackend().binding.createTensor([3], 4, new Uint8Array(3)),
      shape: [3],
      dtype: 4,
    });
    for (const make of [compileProgram, eagerProgram]) {
      const program = make({ x: zero }, entries);
      expect(program.run('store', { x: bytes }).old).toEqual(new Uint8Array(3));
      expect(program.run('store', { x: new Uint8Array(3) }).old).toEqual(bytes);
      program.writeState({ x: { shape: [3], dtype: 'uint8', values: bytes } });
      expect(program.readState().x!.values).toEqual(bytes);
      program.dispose();
    }
  });

  it('reads all old values before it writes new ones, and swaps two of them', () => {
    const size = 200_000;
    const initial = { a: tf.fill([size], 1), b: tf.fill([size], 2) };
    const swap: Entry = {
      inputs: {},
      run: (state) => ({
        state: { a: state.b!, b: state.a! },
        outputs: { a: tf.mean(state.a!), b: tf.mean(state.b!) },
      }),
    };
    const program = compileProgram(initial, { swap });
    for (let turn = 0; turn < 200; turn++) {
      const { a, b } = program.run('swap', {});
      expect([a![0], b![0]]).toEqual(turn % 2 === 0 ? [1, 2] : [2, 1]);
    }
    program.dispose();
  });

  it('does not share memory with the arrays it was given', () => {
    const initial = { x: tf.zeros([1000]) };
    const store: Entry = {
      inputs: { x: { shape: [1000], dtype: 'float32' } },
      run: (_, { x }) => ({ state: { x: x! }, outputs: {} }),
    };
    for (const make of [compileProgram, eagerProgram]) {
      const program = make(initial, { store });
      const values = new Float32Array(1000).fill(3);
      program.run('store', { x: values });
      values.fill(9);
      expect(program.readState().x!.values[999]).toBe(3);
      for (let turn = 0; turn < 20; turn++) program.run('store', { x: new Float32Array(1000).fill(3) });
      const read = program.readState();
      read.x!.values.fill(8);
      expect(program.readState().x!.values[0]).toBe(3);
      program.dispose();
    }
  });

  it('leaves no tensor, session or file behind', () => {
    const { initial, entries } = everything();
    const temporary = mkdtempSync(join(tmpdir(), 'pretext-test-'));
    const before = process.env.TMPDIR;
    process.env.TMPDIR = temporary;
    const binding = nativeBackend().binding;
    // Values still in JavaScript enter the runtime on first use; that is not a leak.
    for (const value of Object.values(initial)) tf.tidy(() => void tf.reshape(value, [value.size]));
    const counts = () => [tf.memory().numTensors, binding.getNumOfTensors(), binding.getNumOfSavedModels()];
    const start = counts();
    const program = compileProgram(initial, entries);
    program.run('train', inputs(4, 0));
    expect(counts()).toEqual([start[0], start[1], start[2]! + 1]);
    program.dispose();
    expect(counts()).toEqual(start);
    expect(readdirSync(temporary)).toEqual([]);
    process.env.TMPDIR = before;
    if (before === undefined) delete process.env.TMPDIR;
  });

  it('holds its memory over 300 steps', () => {
    const { initial, entries } = everything();
    const program = compileProgram(initial, entries);
    const run = (from: number, to: number) => {
      for (let step = from; step < to; step++) program.run('train', inputs(4, step));
    };
    run(0, 100);
    const tensors = nativeBackend().binding.getNumOfTensors();
    const before = process.memoryUsage().rss;
    run(100, 400);
    expect(nativeBackend().binding.getNumOfTensors()).toBe(tensors);
    expect(process.memoryUsage().rss - before).toBeLessThan(40 * 2 ** 20);
    program.dispose();
  });
});

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
      expect(place).toMatch(/program\.test\.ts:\d+$/);
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

describe('runs in separate processes', () => {
  it('give the same bits over 30 steps with 2 threads', () => {
    const script = new URL('./deterministic-run.ts', import.meta.url).pathname;
    const [first, second] = [1, 2].map(() => spawnSync(process.execPath, [script], { encoding: 'utf8' }));
    expect(first!.stdout).toMatch(/^[0-9a-f]{64} \d/);
    expect(second!.stdout).toBe(first!.stdout);
  });

  it('say what to do where the native library is missing', () => {
    const index = new URL('../../../src/tensor/index.ts', import.meta.url).href;
    const code = `import { startTensorFlow } from '${index}'; try { await startTensorFlow(); } catch (e) { console.log(JSON.stringify(e.failure)); }`;
    const env = { ...process.env, PRETEXT_RUNTIME: join(tmpdir(), 'nowhere') };
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      encoding: 'utf8',
      env,
    });
    const failure = JSON.parse(stdout) as { code: string; remedy: string };
    expect(failure.code).toBe('runtime.missing');
    expect(failure.remedy).toContain('PRETEXT_RUNTIME');
  });
});
