/**
 * The vocabulary of tensors: TensorFlow, native kernels with gradients, seeded random numbers, compiled programs.
 */
export { tf, type Tensor, type Scalar } from './tf.ts';
export { startTensorFlow, type TensorFlowInfo, type ThreadUse } from './runtime.ts';
export * from './random.ts';
export { gradients, stopGradient, withoutGradients, type Gradients } from './gradients.ts';
export type {
  Entry,
  EntryResult,
  InputValue,
  Program,
  SpecType,
  State,
  StateArrays,
  TensorSpec,
  TensorValues,
} from './program.ts';
export { attributeTypes, nativeTypes, type Attribute, type TypedArray } from './backend.ts';
export { tensorOf } from './program.ts';
export { eagerProgram } from './eager.ts';
export { profileEntry, type OperationTime, type Profile } from './profile.ts';
export { encodeSafetensors } from './safetensors.ts';
export { startServer, type Meeting } from './server.ts';
export { compileProgram } from './compile/compile.ts';
export { entryPeakBytes, stateBytes } from './compile/measure.ts';
export {
  traceForward,
  type ForwardConstant,
  type ForwardGraph,
  type ForwardNode,
  type ForwardSource,
} from './compile/forward.ts';
export { TraceError } from './compile/tracer.ts';
export { hasBfloat16, processorFeatures } from './processor.ts';
export { atPrecision, lowered, type Precision } from './precision.ts';
export * from './share.ts';
export * from './kernels/across.ts';
export * from './kernels/activations.ts';
export * from './kernels/batch-norm.ts';
export * from './kernels/cholesky.ts';
export * from './kernels/convolution.ts';
export * from './kernels/depthwise.ts';
export * from './kernels/dropout.ts';
export * from './kernels/fourier.ts';
export * from './kernels/images.ts';
export * from './kernels/linear.ts';
export * from './kernels/losses.ts';
export * from './kernels/noise.ts';
export * from './kernels/normalize.ts';
export * from './kernels/pooling.ts';
export * from './kernels/rows.ts';
export { select } from './kernels/select.ts';
export * from './kernels/signals.ts';
export { unitMatrix } from './kernels/unit-matrix.ts';
export { adamClock, adamStep, momentumStep, type AdamClock } from './kernels/updates.ts';
