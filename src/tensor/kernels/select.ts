/** A choice between two tensors by one truth value, without a copy of it for every number. */
import { floatType, runNative } from '../native.ts';
import type { Tensor } from '../tf.ts';

/** `yes` where the scalar `condition` (bool []) holds, else `no`; float32 of one shape. It has no gradient. */
export function select(condition: Tensor, yes: Tensor, no: Tensor): Tensor {
  return runNative('SelectV2', [floatType], [condition, yes, no]);
}
