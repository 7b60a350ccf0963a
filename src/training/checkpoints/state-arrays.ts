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

/** What a finished model is: all but the optimizer's slots, and heads for other datasets that were trained beside. */
export function finishedModel(state: StateArrays): StateArrays {
  return Object.fromEntries(
    Object.entries(state).filter(([name]) => !isSlot(name) && !name.startsWith(OTHER_HEADS)),
  );
}
