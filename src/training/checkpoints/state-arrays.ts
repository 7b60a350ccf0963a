/** Helpers around states that are kept as arrays. */
import { OTHER_HEADS } from '../../learning/downstream/model.ts';
import type { State, StateArrays, TensorValues, TypedArray } from '../../tensor/index.ts';

/** Reads tensors into arrays and disposes them. */
export function takeArrays(state: State): StateArrays {
  return Object.fromEntries(
    Object.entries(state).map(([name, tensor]) => {
      const values = tensor.dataSync() as TypedArray;
      const taken: TensorValues = {
        shape: tensor.shape,
        dtype: tensor.dtype as TensorValues['dtype'],
        values,
      };
      tensor.dispose();
      return [name, taken];
    }),
  );
}

const isSlot = (name: string) => name.startsWith('optimizer/');

/** The optimizer's slots of a state. Those of a program that has taken no step are how every training begins. */
export function slotsOf(state: StateArrays): StateArrays {
  return Object.fromEntries(Object.entries(state).filter(([name]) => isSlot(name)));
}

/**
 * What a finished model is: all but the optimizer's slots, and but heads that were only trained beside.
 *
 * @param others names of the datasets whose heads belong to the model, beside the first
 */
export function finishedModel(state: StateArrays, others: readonly string[] = []): StateArrays {
  const isLeftOut = (name: string) =>
    name.startsWith(OTHER_HEADS) && !others.some((other) => name.startsWith(headPrefix(other)));
  return Object.fromEntries(Object.entries(state).filter(([name]) => !isSlot(name) && !isLeftOut(name)));
}

/** The weights of a model as if it had one head alone. @param name of a head beside the first; null: the first is meant */
export function weightsOfHead(state: StateArrays, name: string | null): StateArrays {
  const own = name === null ? FIRST_HEAD : headPrefix(name);
  const isHead = (variable: string) => variable.startsWith(FIRST_HEAD) || variable.startsWith(OTHER_HEADS);
  return Object.fromEntries(
    Object.entries(state)
      .filter(([variable]) => !isHead(variable) || variable.startsWith(own))
      .map(([variable, values]) => [
        variable.startsWith(own) ? FIRST_HEAD + variable.slice(own.length) : variable,
        values,
      ]),
  );
}

const FIRST_HEAD = 'head/';
const headPrefix = (name: string) => `${OTHER_HEADS}${name}/`;
