/** Runs a program operation by operation: slow, for debugging and to test the compiled one against. */
import {
  checkedInputs,
  checkedValues,
  checkResult,
  entryNamed,
  specOf,
  tensorOf,
  valuesOf,
  type Entry,
  type EntryResult,
  type Program,
  type State,
  type StateArrays,
} from './program.ts';
import { tf } from './tf.ts';

/**
 * The same program as `compileProgram` makes, without a graph.
 *
 * @param initial The state to begin with. It is copied; the tensors stay the caller's.
 */
export function eagerProgram(initial: State, entries: Record<string, Entry>): Program {
  const table = new Map(Object.entries(entries));
  const specs = Object.fromEntries(
    Object.entries(initial).map(([name, tensor]) => [name, specOf(tensor, name)]),
  );
  const state: State = {};
  for (const [name, tensor] of Object.entries(initial)) {
    state[name] = tf.keep(tensorOf(specs[name]!, valuesOf(tensor)));
  }

  const replace = (next: Partial<State>) => {
    for (const [name, tensor] of Object.entries(next)) {
      state[name]!.dispose();
      state[name] = tf.keep(tensor!);
    }
  };

  return {
    run(entryName, inputs) {
      const entry = entryNamed(table, entryName);
      const values = checkedInputs(entryName, entry.inputs, inputs);
      return tf.tidy(() => {
        const tensors = Object.fromEntries(
          Object.entries(entry.inputs).map(([name, spec], index) => [name, tensorOf(spec, values[index]!)]),
        );
        const result: EntryResult = entry.run({ ...state }, tensors);
        checkResult(entryName, specs, result);
        const outputs = Object.entries(result.outputs).map(
          ([name, tensor]) => [name, valuesOf(tensor)] as const,
        );
        // A new value may be the old tensor itself, or one tensor for two names: each name gets its own handle.
        replace(
          Object.fromEntries(Object.entries(result.state).map(([name, tensor]) => [name, tf.clone(tensor!)])),
        );
        return Object.fromEntries(outputs) as never;
      });
    },
    readState() {
      return Object.fromEntries(
        Object.entries(state).map(([name, tensor]) => [name, { ...specs[name]!, values: valuesOf(tensor) }]),
      );
    },
    writeState(values: Partial<StateArrays>) {
      for (const [name, value] of Object.entries(values)) {
        const spec = specs[name];
        if (!spec) throw new Error(`The state has no "${name}".`);
        replace({ [name]: tensorOf(spec, checkedValues(value!.values, spec, `State "${name}"`)) });
      }
    },
    dispose() {
      for (const tensor of Object.values(state)) tensor.dispose();
      for (const name of Object.keys(state)) delete state[name];
    },
  };
}
