/**
 * Compiles a program: all its entries become one TensorFlow graph over the same variables.
 */
import { attributeTypes, nativeBackend, nativeTypes, type TypedArray } from '../backend.ts';
import { attribute } from '../native.ts';
import {
  checkedInputs,
  checkedValues,
  checkResult,
  entryNamed,
  specOf,
  valuesOf,
  type Entry,
  type EntryResult,
  type InputValue,
  type Program,
  type SpecType,
  type State,
  type StateArrays,
  type TensorSpec,
} from '../program.ts';
import type { Tensor } from '../tf.ts';
import { createGraph, type Graph } from './graph.ts';
import { addInPlaceUpdates } from './in-place.ts';
import { createProbe } from './probe.ts';
import { peakBytes } from './memory.ts';
import { openSession } from './session.ts';
import { traceEntry, TraceError, type Trace } from './tracer.ts';
import { addViews } from './views.ts';

export interface Variable extends TensorSpec {
  name: string;
  /** The node of its handle; the nodes around it have names made from this one. */
  handle: string;
}

interface CompiledEntry {
  inputs: Record<string, TensorSpec>;
  placeholders: string[];
  outputs: { name: string; dtype: SpecType; fetch: string }[];
  /** Fetched when there are no outputs. */
  done: string;
  /** Of its tensors, at the fullest moment. */
  peakBytes: number;
  /** Fetched to compute only what does not depend on the state. */
  views: string;
}

let programs = 0;

/**
 * Traces every entry once and loads one session for all of them. From then on a run is one native call.
 *
 * @param initial The state to begin with, copied into variables. The tensors stay the caller's.
 * @param entries Pure functions; shapes are fixed, so a smaller last batch is an entry of its own.
 * @throws TraceError where an entry would freeze something into the graph that it must not.
 */
export function compileProgram(initial: State, entries: Record<string, Entry>): Program {
  const backend = nativeBackend();
  const addon = backend.binding;
  const graph = createGraph();
  const probe = createProbe(addon);
  const program = programs++;
  const variables = variablesOf(initial);
  const specs: Record<string, TensorSpec> = Object.fromEntries(
    variables.map((variable) => [variable.name, variable]),
  );
  for (const variable of variables) addVariable(graph, variable, program);

  const compiled = new Map<string, CompiledEntry>();
  for (const [index, [name, entry]] of Object.entries(entries).entries()) {
    const prefix = `entry${index}`;
    const compiledEntry = traceEntry({ backend, graph, probe, entry: name, prefix }, (trace) =>
      compileEntry(trace, { graph, variables, specs, prefix, name, entry }),
    );
    compiled.set(name, compiledEntry);
  }

  const session = openSession(addon, graph);
  const write = (values: { variable: Variable; values: TypedArray }[]) => {
    if (values.length === 0) return;
    const feeds = values.map(({ variable, values: own }) => ({
      node: `${variable.handle}/new`,
      shape: variable.shape,
      dtype: nativeTypes[variable.dtype],
      values: own,
    }));
    session.run(
      feeds,
      values.map(({ variable }) => `${variable.handle}/written:0`),
    );
  };
  write(variables.map((variable) => ({ variable, values: valuesOf(initial[variable.name]!) })));

  const feedsOf = (name: string, entry: CompiledEntry, inputs: Record<string, InputValue>) => {
    const values = checkedInputs(name, entry.inputs, inputs);
    return Object.values(entry.inputs).map((spec, index) => ({
      node: entry.placeholders[index]!,
      shape: spec.shape,
      dtype: nativeTypes[spec.dtype],
      values: values[index]!,
    }));
  };

  return {
    peakBytes: (name) => entryNamed(compiled, name).peakBytes,
    runViews(name, inputs) {
      const entry = entryNamed(compiled, name);
      session.run(feedsOf(name, entry, inputs), [entry.views]);
    },
    run(name, inputs) {
      const entry = entryNamed(compiled, name);
      const feeds = feedsOf(name, entry, inputs);
      const fetches = entry.outputs.length > 0 ? entry.outputs.map(({ fetch }) => fetch) : [entry.done];
      const results = session.run(feeds, fetches);
      return Object.fromEntries(
        entry.outputs.map(({ name: output, dtype }, index) => [output, typedValues(results[index]!, dtype)]),
      );
    },
    readState() {
      if (variables.length === 0) return {};
      const results = session.run(
        [],
        variables.map(({ handle }) => `${handle}/read:0`),
      );
      return Object.fromEntries(
        variables.map(({ name, shape, dtype }, index) => [
          name,
          { shape, dtype, values: typedValues(results[index]!, dtype) },
        ]),
      );
    },
    writeState(values: Partial<StateArrays>) {
      write(
        Object.entries(values).map(([name, value]) => {
          const variable = variables.find((candidate) => candidate.name === name);
          if (!variable) throw new Error(`The state has no "${name}".`);
          return { variable, values: checkedValues(value!.values, variable, `State "${name}"`) };
        }),
      );
    },
    dispose: () => session.dispose(),
  };
}

/** The variables of a program, in the order of its state. */
export function variablesOf(initial: State): Variable[] {
  return Object.entries(initial).map(([name, tensor], index) => ({
    ...specOf(tensor, `State "${name}"`),
    name,
    handle: `state/${index}`,
  }));
}

/** A variable with the nodes that read it out and store into it from outside. */
function addVariable(graph: Graph, { handle, shape, dtype }: Variable, program: number): void {
  const type = attribute.type('dtype', dtype);
  const shaped = { name: 'shape', type: attributeTypes.shape, value: shape };
  const shared = attribute.string('shared_name', `program${program}/${handle}`);
  graph.add('VarHandleOp', handle, [], [type, shaped, shared, attribute.string('container', '')]);
  graph.add('ReadVariableOp', `${handle}/value`, [`${handle}:0`], [type]);
  addReadable(graph, `${handle}/read`, `${handle}/value:0`, nativeTypes[dtype], []);
  graph.add('Placeholder', `${handle}/new`, [], [type, shaped]);
  // A variable must not keep the memory of a JavaScript array: it would be given back from a thread of
  // TensorFlow, and Node allows that on the main thread only.
  graph.add('DeepCopy', `${handle}/copy`, [`${handle}/new:0`], [attribute.type('T', dtype)]);
  graph.add('AssignVariableOp', `${handle}/write`, [`${handle}:0`, `${handle}/copy:0`], [type]);
  addDone(graph, `${handle}/written`, [`${handle}/write`]);
}

/** A node with an output that is there only when the named nodes have run. */
function addDone(graph: Graph, name: string, after: string[]): void {
  const constant = {
    name: 'value',
    constant: { shape: [], dtype: nativeTypes.int32, values: Int32Array.of(0) },
  };
  graph.add(
    'Const',
    name,
    after.map((node) => `^${node}`),
    [attribute.type('dtype', 'int32'), constant],
  );
}

/** A node whose output the addon can read: bytes leave as int32. */
function addReadable(graph: Graph, name: string, source: string, dtype: number, after: string[]): void {
  const inputs = [source, ...after.map((node) => `^${node}`)];
  if (dtype === nativeTypes.uint8) {
    const types = [
      attribute.type('SrcT', dtype),
      attribute.type('DstT', 'int32'),
      attribute.bool('Truncate', false),
    ];
    graph.add('Cast', name, inputs, types);
  } else graph.add('Identity', name, inputs, [attribute.type('T', dtype)]);
}

interface EntryContext {
  graph: Graph;
  variables: Variable[];
  specs: Record<string, TensorSpec>;
  prefix: string;
  name: string;
  entry: Entry;
}

export function compileEntry(trace: Trace, context: EntryContext): CompiledEntry {
  const { graph, variables, specs, prefix, name, entry } = context;
  const reads = new Map<string, string>();
  const state: State = {};
  for (const variable of variables) {
    state[variable.name] = trace.tensor('state', variable.shape, nativeTypes[variable.dtype], () => {
      // One read for the whole entry: every use sees the value that the entry began with.
      const read = `${prefix}/read/${variable.handle}`;
      graph.add('ReadVariableOp', read, [`${variable.handle}:0`], [attribute.type('dtype', variable.dtype)]);
      reads.set(variable.name, read);
      return `${read}:0`;
    });
  }
  const placeholders = Object.keys(entry.inputs).map((_, index) => `${prefix}/input/${index}`);
  const inputs = Object.fromEntries(
    Object.entries(entry.inputs).map(([input, { shape, dtype }], index) => {
      const shaped = { name: 'shape', type: attributeTypes.shape, value: shape };
      graph.add('Placeholder', placeholders[index]!, [], [attribute.type('dtype', dtype), shaped]);
      return [input, trace.tensor('input', shape, nativeTypes[dtype], () => `${placeholders[index]!}:0`)];
    }),
  );

  const result: EntryResult = entry.run({ ...state }, inputs);
  if (result instanceof Promise) {
    // Its own error, if any, says less than this one.
    result.catch(() => {});
    throw new TraceError(name, 'await', 'An entry must return its results at once. It returned a promise.');
  }
  checkResult(name, specs, result);
  const outputs = Object.entries(result.outputs).map(([output, tensor]) => ({
    name: output,
    ...specOf(tensor as Tensor, `Output "${output}" of entry "${name}"`),
    source: trace.sourceOf(tensor, `output "${output}"`),
  }));
  const changed = Object.fromEntries(
    Object.entries(result.state).filter(([variable, tensor]) => tensor !== state[variable]),
  );
  const variableNamed = new Map(variables.map((variable) => [variable.name, variable]));
  const inPlace = addInPlaceUpdates(trace, {
    graph,
    prefix,
    before: state,
    after: changed,
    variable: (variable) => variableNamed.get(variable)!,
    readOf: (variable) => reads.get(variable),
    outputs: outputs.map(({ source }) => source),
  });
  const sources = Object.entries(changed)
    .filter(([variable]) => !inPlace.written.has(variable))
    .map(([variable, tensor]) => ({ variable, source: trace.ownedSourceOf(tensor!, `state "${variable}"`) }));
  const assigns = sources.map(({ variable, source }) => {
    const { handle, dtype } = variableNamed.get(variable)!;
    const assign = `${prefix}/assign/${handle}`;
    const read = reads.get(variable);
    // The old value must have been read before it is replaced, also where the new one does not depend on it.
    const order = read ? [`^${read}`] : [];
    graph.add(
      'AssignVariableOp',
      assign,
      [`${handle}:0`, source, ...order],
      [attribute.type('dtype', dtype)],
    );
    return assign;
  });
  addDone(graph, `${prefix}/done`, [...inPlace.nodes, ...assigns]);
  addViews(graph, `${prefix}/views`, trace.beforeState);
  return {
    inputs: entry.inputs,
    placeholders,
    done: `${prefix}/done:0`,
    views: `${prefix}/views:0`,
    peakBytes: peakBytes(trace.operations, [
      ...[...sources, ...outputs].map(({ source }) => source),
      ...inPlace.inputs,
    ]),
    outputs: outputs.map(({ name: output, dtype, source }, index) => {
      addReadable(graph, `${prefix}/output/${index}`, source, nativeTypes[dtype], [`${prefix}/done`]);
      return { name: output, dtype, fetch: `${prefix}/output/${index}:0` };
    }),
  };
}

function typedValues(values: TypedArray | BigInt64Array, dtype: SpecType): TypedArray {
  return dtype === 'uint8' ? Uint8Array.from(values as Int32Array) : (values as TypedArray);
}
