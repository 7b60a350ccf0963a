/** Gradients of a scalar with respect to named parameters. */
import type { State } from './program.ts';
import { tf, type Scalar, type Tensor } from './tf.ts';

export interface Gradients<Result extends { loss: Scalar }> {
  value: Scalar;
  /** One gradient for each parameter; zeros where the loss does not depend on it. */
  grads: State;
  /** All else that the function returned: metrics, new statistics. */
  extra: Omit<Result, 'loss'>;
}

/**
 * Differentiates `loss(parameters).loss` (float32 []) by reverse mode.
 *
 * The other tensors that `loss` returns, in records and lists of any depth, are handed on as `extra`.
 * All tensors returned belong to the caller.
 */
export function gradients<Result extends { loss: Scalar }>(
  loss: (parameters: State) => Result,
  parameters: State,
): Gradients<Result> {
  const names = Object.keys(parameters);
  const kept: Tensor[] = [];
  let extra: Omit<Result, 'loss'> | undefined;
  const forward = () => {
    const { loss: value, ...rest } = loss(parameters);
    if (value.rank !== 0) throw new Error(`A loss must be a scalar. Found: shape [${value.shape}].`);
    // The scope of the forward pass disposes all but the loss; what is handed on outlives it as a copy.
    extra = mapTensors(rest, (tensor) => {
      const copy = tf.keep(tf.clone(tensor));
      kept.push(copy);
      return copy;
    });
    return value.clone();
  };
  try {
    const { value, grads } = differentiate(
      forward,
      names.map((name) => parameters[name]!),
    );
    return {
      value: value as Scalar,
      grads: Object.fromEntries(
        names.map((name, index) => [name, grads[index] ?? tf.zerosLike(parameters[name]!)]),
      ),
      extra: mapTensors(extra!, (tensor) => tf.clone(tensor)),
    };
  } finally {
    for (const tensor of kept) tensor.dispose();
  }
}

/**
 * A value that gradients do not flow through: the target of a student, a pseudo-label, a stored feature.
 *
 * What leads to it is no part of the gradient's computation, so that a target costs no backward pass.
 */
export function stopGradient(x: Tensor): Tensor {
  return withoutGradients(() => tf.clone(x));
}

/** Runs `compute` so that no gradient flows through anything in it: to gradients its results are constants. */
export function withoutGradients<Result>(compute: () => Result): Result {
  // Inside a kernel nothing is recorded for the way back; what is in here counts as the inside of one.
  const { state } = tf.engine() as unknown as { state: { kernelDepth: number } };
  state.kernelDepth++;
  try {
    return compute();
  } finally {
    state.kernelDepth--;
  }
}

interface Tape {
  saved?: Tensor[];
}

function differentiate(
  forward: () => Tensor,
  xs: Tensor[],
): { value: Tensor; grads: (Tensor | undefined)[] } {
  if (xs.length === 0) return { value: forward(), grads: [] };
  const engine = tf.engine();
  try {
    return engine.gradients(forward, xs, undefined, true) as { value: Tensor; grads: (Tensor | undefined)[] };
  } catch (error) {
    // tfjs keeps what the backward pass needs until that pass is over, which now it will never be.
    const state = (engine as unknown as { state: { activeTape: Tape[] | null; gradientDepth: number } })
      .state;
    if (state.gradientDepth === 0) {
      for (const node of state.activeTape ?? []) node.saved?.forEach((tensor) => tensor.dispose());
      state.activeTape = null;
    }
    throw error;
  }
}

function mapTensors<Value>(value: Value, map: (tensor: Tensor) => Tensor): Value {
  if (value instanceof tf.Tensor) return map(value as Tensor) as Value;
  if (Array.isArray(value)) return value.map((item) => mapTensors(item, map)) as Value;
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapTensors(item, map)]),
  ) as Value;
}
