/** What programs of both stages are made of. */
import type { Entry, State, TensorSpec } from '../../tensor/index.ts';

/** What a program is compiled from. */
export interface ProgramParts {
  initial: State;
  entries: Record<string, Entry>;
}

/** The tensors of those names. */
export function pick(state: State, names: readonly string[]): State {
  return Object.fromEntries(names.map((name) => [name, state[name]!]));
}

export const batchOf = (sample: TensorSpec, count: number): TensorSpec => ({
  ...sample,
  shape: [count, ...sample.shape],
});

/** The names of all variables of a program, by what they are. */
export interface GroupedNames {
  parameters: string[];
  statistics: string[];
  buffers: string[];
  slots: string[];
}
