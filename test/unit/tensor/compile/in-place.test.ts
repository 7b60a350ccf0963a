/** That it computes the same is shown by `updates.test.ts`; here, what stands in the graph and in which order it runs. */
import { describe, expect, it } from 'vitest';
import type { InPlaceUpdate } from '../../../../src/tensor/backend.ts';
import { addInPlaceUpdates, type InPlaceContext } from '../../../../src/tensor/compile/in-place.ts';
import type { Trace } from '../../../../src/tensor/compile/tracer.ts';
import { tf, type Tensor } from '../../../../src/tensor/index.ts';
import '../helpers.ts';

const value = () => tf.scalar(0) as Tensor;

/** A weight and its velocity, a gradient, and their new values. */
function momentum(more: Partial<InPlaceUpdate> = {}) {
  const [weight, velocity, gradient, newWeight, newVelocity] = [value(), value(), value(), value(), value()];
  const update: InPlaceUpdate = {
    op: 'ResourceApplyMomentum',
    attributes: [],
    variables: [
      { before: weight, after: newWeight },
      { before: velocity, after: newVelocity },
    ],
    inputs: [gradient],
    ...more,
  };
  return { update, weight, velocity, gradient, newWeight, newVelocity };
}

function add(
  updates: InPlaceUpdate[],
  {
    before,
    after,
    outputs = [],
    read = [],
    operations = [],
  }: {
    before: Record<string, Tensor>;
    after: Record<string, Tensor>;
    outputs?: string[];
    read?: string[];
    operations?: { op: string; inputs: string[]; outputs: { source: string; bytes: number }[] }[];
  },
) {
  const nodes: [string, string, string[]][] = [];
  const sources = new Map<Tensor, string>();
  const sourceOf = (tensor: Tensor) => {
    if (!sources.has(tensor)) sources.set(tensor, `source${sources.size}:0`);
    return sources.get(tensor)!;
  };
  const trace = { updates, operations, sourceOf, ownedSourceOf: sourceOf } as unknown as Trace;
  const context: InPlaceContext = {
    graph: {
      add: (op, name, inputs) => nodes.push([op, name, inputs]),
      size: 0,
      serialize: () => new Uint8Array(),
    },
    prefix: 'p',
    before,
    after,
    variable: (name) => ({ handle: `${name}/handle`, dtype: 'float32' }),
    readOf: (name) => (read.includes(name) ? `${name}/read` : undefined),
    outputs,
  };
  return { result: addInPlaceUpdates(trace, context), nodes };
}

describe('a group of operations that an entry stores', () => {
  it('is one operation on the variables, which are written by nothing else', () => {
    const { update, weight, velocity, newWeight, newVelocity } = momentum();
    const { result, nodes } = add([update], {
      before: { weight, velocity },
      after: { weight: newWeight, velocity: newVelocity },
    });
    expect(nodes).toEqual([
      ['ResourceApplyMomentum', 'p/update/0', ['weight/handle:0', 'velocity/handle:0', 'source0:0']],
    ]);
    expect(result.nodes).toEqual(['p/update/0']);
    expect([...result.written]).toEqual(['weight', 'velocity']);
  });

  it('waits until all that still needs the old value has read it', () => {
    const { update, weight, velocity, newWeight, newVelocity } = momentum();
    const { nodes } = add([update], {
      before: { weight, velocity },
      after: { weight: newWeight, velocity: newVelocity },
      read: ['weight', 'velocity'],
      outputs: ['twice:0'],
      operations: [{ op: 'Mul', inputs: ['weight/read:0'], outputs: [{ source: 'twice:0', bytes: 4 }] }],
    });
    // The velocity was read by the group alone.
    expect(nodes[0]![2]).toEqual(['weight/handle:0', 'velocity/handle:0', 'source0:0', '^weight/read']);
  });

  it('begins with another value where weights are decayed first', () => {
    const decayed = value();
    const { update, weight, velocity, newWeight, newVelocity } = momentum({ begun: decayed });
    const { nodes, result } = add([update], {
      before: { weight, velocity },
      after: { weight: newWeight, velocity: newVelocity },
    });
    expect(nodes.map(([op, , inputs]) => [op, inputs])).toEqual([
      ['AssignVariableOp', ['weight/handle:0', 'source0:0']],
      ['ResourceApplyMomentum', ['weight/handle:0', 'velocity/handle:0', 'source1:0', '^p/begin/0']],
    ]);
    expect(result.inputs).toEqual(['source1:0', 'source0:0']);
  });
});

describe('a group that stays as it is', () => {
  it('computes what the entry stores under another name, or stores otherwise, or does not hold', () => {
    const { update, weight, velocity, newWeight, newVelocity } = momentum();
    const before = { weight, velocity };
    for (const [state, after] of [
      [before, { weight: newVelocity, velocity: newWeight }],
      [before, { weight: value(), velocity: newVelocity }],
      [{ weight }, { weight: newWeight }],
    ] as const) {
      const { result, nodes } = add([update], { before: state, after: after as Record<string, Tensor> });
      expect([nodes, result.nodes, result.written.size]).toEqual([[], [], 0]);
    }
  });

  it('would write a variable a second time', () => {
    const first = momentum();
    const second = momentum({ variables: first.update.variables });
    const { nodes } = add([first.update, second.update], {
      before: { weight: first.weight, velocity: first.velocity },
      after: { weight: first.newWeight, velocity: first.newVelocity },
    });
    expect(nodes).toHaveLength(1);
  });
});
