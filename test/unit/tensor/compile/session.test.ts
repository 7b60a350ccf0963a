import { describe, expect, it } from 'vitest';
import { nativeBackend, nativeTypes, type Binding } from '../../../../src/tensor/backend.ts';
import { createGraph } from '../../../../src/tensor/compile/graph.ts';
import { openSession, type Feed } from '../../../../src/tensor/compile/session.ts';
import { attribute, floatType } from '../../../../src/tensor/native.ts';
import '../helpers.ts';

function sums() {
  const graph = createGraph();
  for (const name of ['a', 'b']) graph.add('Placeholder', name, [], [attribute.type('dtype', 'float32')]);
  graph.add('AddV2', 'sum', ['a:0', 'b:0'], [floatType]);
  graph.add('Mul', 'product', ['a:0', 'b:0'], [floatType]);
  graph.add('Size', 'size', ['a:0'], [floatType, attribute.type('out_type', 'int64')]);
  return graph;
}
const feed = (node: string, ...values: number[]): Feed => ({
  node,
  shape: [values.length],
  dtype: nativeTypes.float32,
  values: Float32Array.from(values),
});

/** Counts tensors that were made and not given back. */
function counting(binding: Binding): { binding: Binding; alive: Set<number> } {
  const alive = new Set<number>();
  const counted: Partial<Binding> = {
    createTensor(...args: Parameters<Binding['createTensor']>) {
      const id = binding.createTensor(...args);
      alive.add(id);
      return id;
    },
    runSavedModel(...args: Parameters<Binding['runSavedModel']>) {
      const results = binding.runSavedModel(...args);
      for (const { id } of results) alive.add(id);
      return results;
    },
    deleteTensor(id: number) {
      binding.deleteTensor(id);
      alive.delete(id);
    },
  };
  return {
    alive,
    binding: new Proxy({} as Binding, {
      get: (_, key) =>
        counted[key as keyof Binding] ?? (binding[key as keyof Binding] as () => unknown).bind(binding),
    }),
  };
}

describe('a session', () => {
  it('gives copies of the outputs in the order in which they are asked for', () => {
    const session = openSession(nativeBackend().binding, sums());
    const feeds = [feed('a', 1, 2), feed('b', 10, 20)];
    expect(session.run(feeds, ['product:0', 'sum:0'])).toEqual([
      Float32Array.of(10, 40),
      Float32Array.of(11, 22),
    ]);
    expect(session.run([feed('a', 1, 2, 3)], ['size:0'])).toEqual([BigInt64Array.of(3n)]);
    session.dispose();
  });

  it('leaves no tensor behind, even where a run fails', () => {
    const { binding, alive } = counting(nativeBackend().binding);
    const session = openSession(binding, sums());
    session.run([feed('a', 1), feed('b', 2)], ['sum:0']);
    expect(alive.size).toBe(0);
    expect(() => session.run([feed('a', 1, 2), feed('b', 1, 2, 3)], ['sum:0'])).toThrow(
      /[Ii]ncompatible shapes/,
    );
    expect(() => session.run([feed('a', 1)], ['nothing:0'])).toThrow();
    expect(alive.size).toBe(0);
    // It goes on.
    expect(session.run([feed('a', 1), feed('b', 2)], ['sum:0'])).toEqual([Float32Array.of(3)]);
    session.dispose();
  });

  it('refuses a graph that TensorFlow does not know', () => {
    const graph = createGraph();
    graph.add('NoSuchOperation', 'x', [], []);
    expect(() => openSession(nativeBackend().binding, graph)).toThrow(/NoSuchOperation/);
  });
});
