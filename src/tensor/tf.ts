/**
 * The one place that loads TensorFlow.js.
 *
 * `tf` is its namespace: thousands of lines of operations with gradients, which here run on the native
 * TensorFlow once `startTensorFlow()` has been called. Loading it takes no native library.
 */
import { createRequire } from 'node:module';
import type * as TensorFlow from '@tensorflow/tfjs';

const require = createRequire(import.meta.url);

/**
 * tfjs-node 4.22 still calls two helpers that Node 24 no longer has, or warns of. They are replaced before it loads.
 */
function restoreRemovedHelpers(): void {
  const util = require('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] = Array.isArray;
}

restoreRemovedHelpers();

export const tf = require('@tensorflow/tfjs') as typeof TensorFlow;

/** A tensor of any rank. */
export type Tensor = TensorFlow.Tensor;
export type Scalar = TensorFlow.Scalar;
export type DataType = TensorFlow.DataType;
