/** How much memory an entry would take, found by tracing it: nothing is compiled, and no value is computed. */
import { nativeBackend } from '../backend.ts';
import type { Entry, State, TensorSpec } from '../program.ts';
import { compileEntry, variablesOf } from './compile.ts';
import { createGraph } from './graph.ts';
import { createProbe } from './probe.ts';
import { traceEntry } from './tracer.ts';

/** The same number as `Program.peakBytes` of the compiled program, at a fraction of its cost. */
export function entryPeakBytes(initial: State, name: string, entry: Entry): number {
  const backend = nativeBackend();
  const graph = createGraph();
  const variables = variablesOf(initial);
  const specs: Record<string, TensorSpec> = Object.fromEntries(
    variables.map((variable) => [variable.name, variable]),
  );
  const prefix = 'entry0';
  const probe = createProbe(backend.binding);
  return traceEntry({ backend, graph, probe, entry: name, prefix }, (trace) =>
    compileEntry(trace, { graph, variables, specs, prefix, name, entry }),
  ).peakBytes;
}

/** Bytes of all tensors of a state. */
export function stateBytes(initial: State): number {
  const sizes = { float32: 4, int32: 4, bool: 1, uint8: 1 };
  return variablesOf(initial).reduce(
    (sum, { shape, dtype }) => sum + shape.reduce((product, side) => product * side, sizes[dtype]),
    0,
  );
}
