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
  /** Seeds of the views that the task draws of each batch (src/learning/pretext/parts/two-views.ts, one-view.ts). */
  viewNames: string[];
  /** float32 [steps, views, batch, side, side], in stored units: the same views, for the peer. */
  views: string;
  /** float32: the first weights of this program's run, one matrix after the other as PyTorch lays them. */
  weights: string;
  /** Where the features of all images go: float32 [images, features]. */
  output: string;
  /** Where the losses of the first steps go, as JSON. */
  losses: string;
  /** Where this program's run tells what its health watch found, as JSON. */
  findings: string;
  /** Options of this program's task. */
  ours: Record<string, unknown>;
  /** The same for the peer's method (test/bench/peers/methods.py). */
  peer: Record<string, unknown>;
}
