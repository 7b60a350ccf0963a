import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nativeBackend } from '../../../src/tensor/backend.ts';
import { compileProgram, eagerProgram, tf, type Entry } from '../../../src/tensor/index.ts';
import { everything, inputs } from './everything.ts';
import { difference } from './helpers.ts';

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

  it('computes the views of an entry alone, which leaves the state as it is', () => {
    const { initial, entries } = everything();
    const program = compileProgram(initial, entries);
    const before = program.readState();
    program.runViews!('train', inputs(4, 0));
    expect(program.readState()).toEqual(before);
    program.run('train', inputs(4, 0));
    expect(program.readState()).not.toEqual(before);
    program.dispose();
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
