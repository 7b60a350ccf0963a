/** The methods that both sides have, with the same sizes of heads and the same numbers in the loss. */
import { imageViews } from '../../../src/learning/views/image.ts';

export interface MethodPair {
  /** Id of this program's task, and name in test/bench/peers/methods.py. */
  method: string;
  /** Options of the task. */
  ours: Record<string, unknown>;
  /** The same in the peer's words. */
  peer: Record<string, unknown>;
  learningRate?: number;
  epochs?: number;
  /** Default: the residual network. */
  encoder?: 'vit';
  /** Default: the two of src/learning/pretext/parts/two-views.ts. */
  viewNames?: string[];
  /** What each side draws for itself, so that losses of the first steps cannot be equal. */
  ownDraws?: string;
}

const hidden = 256;
const size = 64;
/** Heads of methods that compare dimensions with one another are wider. */
const wide = 256;
const momentum = 0.98;
const temperature = 0.2;

export const methodPairs: readonly MethodPair[] = [
  {
    method: 'simclr',
    ours: { temperature, projectionHidden: hidden, projectionSize: size },
    peer: { temperature, hidden, size },
  },
  {
    method: 'byol',
    ours: { momentum, projectionHidden: hidden, projectionSize: size },
    peer: { momentum, hidden, size, predictor: hidden },
  },
  {
    method: 'simsiam',
    ours: { projectionSize: wide, predictorHidden: 64 },
    peer: { hidden: wide, size: wide, predictor: 64 },
  },
  {
    method: 'barlow-twins',
    ours: { redundancyWeight: 0.005, projectionHidden: wide, projectionSize: wide },
    peer: { redundancy: 0.005, hidden: wide, size: wide },
  },
  {
    method: 'vicreg',
    ours: { projectionHidden: wide, projectionSize: wide },
    peer: { hidden: wide, size: wide },
  },
  {
    method: 'dino',
    learningRate: 0.001,
    ours: {
      momentum,
      prototypes: 512,
      projectionHidden: hidden,
      projectionSize: size,
      frozenShare: 0.1,
      // The peer gets the two large views.
      smallCrops: { count: 0 },
    },
    peer: {
      momentum,
      size: 512,
      hidden,
      bottleneck: size,
      frozenEpochs: 1,
      teacherTemperature: 0.04,
      studentTemperature: 0.1,
    },
  },
  {
    method: 'moco-v2',
    ownDraws: 'the first queue',
    ours: { temperature, momentum, queueSize: 1024, projectionHidden: hidden, projectionSize: size },
    peer: { temperature, momentum, queue: 1024, hidden, size },
  },
  {
    method: 'masked-autoencoder',
    encoder: 'vit',
    viewNames: ['view'],
    ownDraws: 'masks',
    // It sees a quarter of each image, and each step is short.
    epochs: 40,
    ours: {
      maskRatio: 0.75,
      decoderWidth: 64,
      decoderDepth: 1,
      // The views that the peer reads from the file.
      imageViews: { ...imageViews() },
    },
    peer: { maskRatio: 0.75, decoderWidth: 64, decoderDepth: 1 },
  },
];
