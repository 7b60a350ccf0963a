/**
 * Finds the shape and type of an operation's outputs.
 *
 * Common operations have a rule in shapes.ts. Any other is run once on zeros of the right shapes (constants
 * keep their values), so that a trace needs the time and memory of its rare operations only.
 */
import { nativeTypes, type Attribute, type Binding, type TypedArray } from '../backend.ts';
import { shapeRule, type TracedInput, type TracedOutput } from './shapes.ts';

export type Probe = (
  op: string,
  attributes: Attribute[],
  inputs: TracedInput[],
  outputs: number,
) => TracedOutput[];

/** A probe that remembers what it has run. */
export function createProbe(addon: Binding): Probe {
  const known = new Map<string, TracedOutput[]>();
  return (op, attributes, inputs, outputs) => {
    const ruled = shapeRule(op, attributes, inputs);
    if (ruled) return ruled;
    const key = JSON.stringify([op, attributes, inputs.map(keyOf)]);
    let found = known.get(key);
    if (!found) known.set(key, (found = runOnZeros(addon, op, attributes, inputs, outputs)));
    return found;
  };
}

/** Runs the operation itself on zeros; the test of the rules compares them with this. */
export function runOnZeros(
  addon: Binding,
  op: string,
  attributes: Attribute[],
  inputs: TracedInput[],
  outputs: number,
): TracedOutput[] {
  const ids: number[] = [];
  try {
    for (const { shape, dtype, values } of inputs) {
      ids.push(addon.createTensor(shape, dtype, values ?? zeros(shape, dtype)));
    }
    const results = addon.executeOp(op, attributes, ids, outputs);
    for (const result of results) addon.deleteTensor(result.id);
    return results.map(({ shape, dtype }) => ({ shape, dtype }));
  } finally {
    for (const id of ids) addon.deleteTensor(id);
  }
}

function keyOf({ shape, dtype, values }: TracedInput): unknown {
  return values && values.length <= 64 ? [shape, dtype, [...values]] : [shape, dtype];
}

function zeros(shape: number[], dtype: number): TypedArray {
  const size = shape.reduce((product, length) => product * length, 1);
  if (dtype === nativeTypes.float32) return new Float32Array(size);
  if (dtype === nativeTypes.int32) return new Int32Array(size);
  if (dtype === nativeTypes.int64) return new Int32Array(2 * size);
  if (dtype === nativeTypes.bool || dtype === nativeTypes.uint8) return new Uint8Array(size);
  throw new Error(`Values of TensorFlow's type ${dtype} cannot be made here.`);
}
