/**
 * Puts one operation on variables where an entry computes their new values from the old ones in several steps.
 *
 * An optimizer is written as operations on tensors (kernels/updates.ts), which read and write all weights several
 * times and make a dozen small operations a parameter. Where the entry stores just what such a group computes, the
 * group is left out of the graph, and TensorFlow's own operation of the optimizer changes the variables where they
 * are.
 */
import { attribute } from '../native.ts';
import type { State } from '../program.ts';
import type { Tensor } from '../tf.ts';
import type { InPlaceUpdate } from '../backend.ts';
import type { Graph } from './graph.ts';
import { neededFor } from './memory.ts';
import type { Trace } from './tracer.ts';

export interface InPlaceContext {
  graph: Graph;
  prefix: string;
  /** The state that the entry began with, and what it returns of it. */
  before: State;
  after: Partial<State>;
  /** The node of a variable's handle, and that of its type. */
  variable(name: string): { handle: string; dtype: Parameters<typeof attribute.type>[1] };
  /** The node that reads a variable, if anything read it. */
  readOf(name: string): string | undefined;
  /** Sources of all that the entry returns besides. */
  outputs: readonly string[];
}

export interface InPlaceResult {
  /** Nodes that have to run. */
  nodes: string[];
  /** Names of the variables that those nodes write. */
  written: ReadonlySet<string>;
  /** Sources that those nodes read. */
  inputs: string[];
}

interface Chosen {
  update: InPlaceUpdate;
  names: string[];
  begun: string | null;
  inputs: string[];
}

/** Adds the operations that stand for whole groups. */
export function addInPlaceUpdates(trace: Trace, context: InPlaceContext): InPlaceResult {
  const { graph, prefix, after, variable, readOf } = context;
  const chosen = choose(trace, context);
  const written = new Set(chosen.flatMap(({ names }) => names));
  const inputs = chosen.flatMap((update) => [...update.inputs, ...(update.begun ? [update.begun] : [])]);
  const others = Object.keys(after).filter((name) => !written.has(name));
  const kept = [...context.outputs, ...inputs, ...others.map((name) => trace.sourceOf(after[name]!, name))];
  const used = new Set([...kept, ...neededFor(trace.operations, kept).flatMap((each) => each.inputs)]);
  // What still reads a variable has to have read it before it changes.
  const readers = (names: string[]) =>
    names.flatMap((name) => {
      const read = readOf(name);
      return read && used.has(`${read}:0`) ? [`^${read}`] : [];
    });

  const nodes = chosen.map(({ update, names, begun, inputs: own }, index) => {
    const handles = names.map((name) => `${variable(name).handle}:0`);
    let order = readers(names);
    if (begun) {
      const { dtype } = variable(names[0]!);
      const node = `${prefix}/begin/${index}`;
      graph.add(
        'AssignVariableOp',
        node,
        [handles[0]!, begun, ...readers([names[0]!])],
        [attribute.type('dtype', dtype)],
      );
      order = [...order, `^${node}`];
    }
    const node = `${prefix}/update/${index}`;
    graph.add(update.op, node, [...handles, ...own, ...order], update.attributes);
    return node;
  });
  return { nodes, written, inputs };
}

/** The groups whose variables the entry has, and whose results it stores, each under the name it was read from. */
function choose(trace: Trace, { before, after }: InPlaceContext): Chosen[] {
  const names = new Map<Tensor, string>(Object.entries(before).map(([name, tensor]) => [tensor, name]));
  const taken = new Set<string>();
  return trace.updates.flatMap((update) => {
    const found = update.variables.map(({ before: old, after: next }) => {
      const name = names.get(old);
      return name !== undefined && after[name] === next && !taken.has(name) ? name : null;
    });
    if (!found.every((name) => name !== null)) return [];
    for (const name of found) taken.add(name);
    const begun = update.begun ? trace.ownedSourceOf(update.begun, update.op) : null;
    const inputs = update.inputs.map((input) => trace.sourceOf(input, update.op));
    return [{ update, names: found, begun, inputs }];
  });
}
