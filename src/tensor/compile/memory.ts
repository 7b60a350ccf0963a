/**
 * How much memory the tensors of an entry take at the moment when they take the most.
 *
 * The trace tells the size of every operation's outputs and who reads them. TensorFlow frees a tensor after its last
 * reader, so walking the operations in order with a count of what is alive gives the peak. Operations that only
 * rename a tensor take nothing; those that work number by number take over the memory of an input that nobody
 * needs any more.
 */
export interface TracedOperation {
  op: string;
  inputs: readonly string[];
  outputs: readonly { source: string; bytes: number }[];
}

const renaming = new Set(['Reshape', 'Identity', 'ExpandDims', 'Squeeze']);
const inPlace = new Set(
  (
    'Add AddV2 Sub Mul RealDiv Maximum Minimum Neg Sqrt Rsqrt Square Exp Log Tanh Sigmoid Relu ReluGrad Elu EluGrad ' +
    'LeakyRelu LeakyReluGrad TanhGrad SigmoidGrad AddN BiasAdd Abs Sign Pow'
  ).split(' '),
);

/** @param kept sources of what the entry returns: all that is needed for them is computed, and nothing else */
export function peakBytes(operations: readonly TracedOperation[], kept: readonly string[]): number {
  const needed = neededFor(operations, kept);
  const root = new Map<string, string>();
  const rootOf = (source: string) => root.get(source) ?? source;
  const lastUse = new Map<string, number>();
  needed.forEach(({ op, inputs, outputs }, index) => {
    for (const input of inputs) lastUse.set(rootOf(input), index);
    if (renaming.has(op)) root.set(outputs[0]!.source, rootOf(inputs[0]!));
  });
  for (const source of kept) lastUse.set(rootOf(source), needed.length);

  const alive = new Map<string, number>();
  let [now, peak] = [0, 0];
  const free = (source: string) => {
    now -= alive.get(source) ?? 0;
    alive.delete(source);
  };
  needed.forEach(({ op, inputs, outputs }, index) => {
    const over = [...new Set(inputs.map(rootOf))].filter((source) => lastUse.get(source) === index);
    if (inPlace.has(op)) over.splice(0, 1).forEach(free);
    if (!renaming.has(op))
      for (const { source, bytes } of outputs) {
        alive.set(source, bytes);
        now += bytes;
      }
    peak = Math.max(peak, now);
    over.forEach(free);
    for (const { source } of outputs) if (!lastUse.has(rootOf(source))) free(source);
  });
  return peak;
}

/** The operations without which not all of `kept` could be computed. */
export function neededFor(
  operations: readonly TracedOperation[],
  kept: readonly string[],
): TracedOperation[] {
  const wanted = new Set(kept);
  const needed = operations.toReversed().filter(({ inputs, outputs }) => {
    if (!outputs.some(({ source }) => wanted.has(source))) return false;
    for (const input of inputs) wanted.add(input);
    return true;
  });
  return needed.reverse();
}
