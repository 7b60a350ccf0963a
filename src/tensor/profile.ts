/**
 * Where the time of a step goes, operation by operation.
 *
 * The entry runs op by op with a clock around each native call. A compiled step overlaps operations and fuses
 * some, so the shares say where to look; how long a step takes is measured on the compiled program itself.
 */
import { nativeBackend, type Binding } from './backend.ts';
import { eagerProgram } from './eager.ts';
import type { Entry, InputValue, State } from './program.ts';

export interface OperationTime {
  op: string;
  /** How often it runs in one step. */
  count: number;
  /** Milliseconds of all of them in one step: the median over the repetitions. */
  ms: number;
  /** Share of the time of all operations, 0 … 1. */
  share: number;
}

export interface Profile {
  /** Milliseconds in native operations, in one step. */
  nativeMs: number;
  /** Milliseconds of the whole step run op by op: native operations and the dispatch between them. */
  stepMs: number;
  /** The slowest first. */
  operations: OperationTime[];
}

/**
 * Profiles one entry.
 *
 * @param initial The state to run on; it is copied and stays as it is.
 * @param repeats Runs that are counted, after one that is not.
 */
export function profileEntry(
  initial: State,
  entry: Entry,
  inputs: Record<string, InputValue>,
  repeats = 5,
): Profile {
  const program = eagerProgram(initial, { entry });
  const runs: Map<string, { count: number; ms: number }>[] = [];
  const steps: number[] = [];
  try {
    program.run('entry', inputs);
    for (let repeat = 0; repeat < repeats; repeat++) {
      const start = performance.now();
      runs.push(timed(() => void program.run('entry', inputs)));
      steps.push(performance.now() - start);
    }
  } finally {
    program.dispose();
  }
  const operations = [...runs[0]!].map(([op, { count }]) => ({
    op,
    count,
    ms: median(runs.map((run) => run.get(op)?.ms ?? 0)),
  }));
  const nativeMs = operations.reduce((sum, { ms }) => sum + ms, 0);
  return {
    nativeMs,
    stepMs: median(steps),
    operations: operations
      .map((operation) => ({ ...operation, share: operation.ms / nativeMs }))
      .sort((a, b) => b.ms - a.ms),
  };
}

/** Runs `body` with a clock around every native operation. */
function timed(body: () => void): Map<string, { count: number; ms: number }> {
  const backend = nativeBackend();
  const addon = backend.binding;
  const times = new Map<string, { count: number; ms: number }>();
  const executeOp: Binding['executeOp'] = (op, attributes, inputs, outputs) => {
    const start = performance.now();
    const results = addon.executeOp(op, attributes, inputs, outputs);
    const entry = times.get(op) ?? { count: 0, ms: 0 };
    times.set(op, { count: entry.count + 1, ms: entry.ms + performance.now() - start });
    return results;
  };
  backend.binding = new Proxy({} as Binding, {
    get: (_, key) => (key === 'executeOp' ? executeOp : addon[key as keyof Binding]),
  });
  try {
    body();
  } finally {
    backend.binding = addon;
  }
  return times;
}

function median(values: number[]): number {
  const sorted = values.slice().sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
