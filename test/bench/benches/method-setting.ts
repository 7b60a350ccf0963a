/** One pretraining of the bench of methods, as both sides are told of it. */
export interface MethodSetting {
  method: string;
  seed: number;
  threads: number;
  /** Side of the images, which have one channel. */
  side: number;
  encoder: 'residual' | 'vit';
  /** Of the residual network. */
  width: number;
  /** Of the transformer. */
  patch: number;
  features: number;
  batch: number;
  steps: number;
  stepsPerEpoch: number;
  learningRate: number;
  weightDecay: number;
  warmupSteps: number;
  /** Channel statistics, by which both sides normalise. */
  mean: number;
  deviation: number;
  /** Bytes of all images, those that are trained on first. */
  images: string;
  /** How many of them are trained on. */
  trained: number;
  /** Bytes [steps, 2, batch, side, side]: the views that the peer trains on. */
  views: string;
  /** Where the features of all images go: float32 [images, features]. */
  output: string;
  /** Options of this program's task. */
  ours: Record<string, unknown>;
  /** The same for the peer's method (test/bench/peers/methods.py). */
  peer: Record<string, unknown>;
}
