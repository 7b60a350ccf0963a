/** Signals: windows of recordings, float32 [L, C] in stored units. */
import { shortWindows } from '../views/multi-crop.ts';
import { applySignalView, sampleSignalView, signalViewField, signalViews } from '../views/signal.ts';
import type { SignalViewOptions } from '../views/signal.ts';
import { defineModality, type ViewRequest } from './modality.ts';

export const signal = defineModality<SignalViewOptions>({
  id: 'signal',
  views: {
    field: 'signalViews',
    options: signalViews,
    schema: signalViewField,
    random,
    /** A shorter window at full resolution, so that its frequencies stay what they are. */
    part: ({ samples, seed, sides, options, statistics }) =>
      random({ samples: shortWindows(samples, seed, sides[0]!), seed, options, statistics }),
    presets: {
      mild: signalViews({
        cropProbability: 0.5,
        cropMinimum: 0.8,
        scaleProbability: 0.5,
        scale: 0.1,
        gain: 0.1,
        noise: 0.05,
        channelDropProbability: 0,
        timeMaskProbability: 0,
      }),
      strong: signalViews(),
    },
    // Amplitudes stay: they are part of what is to be restored.
    gentle: {
      cropProbability: 0,
      scaleProbability: 0,
      noiseProbability: 0,
      channelDropProbability: 0,
      timeMaskProbability: 0,
    },
  },
  // Measured on forearm EMG (the sample study of wrist gestures).
  training: { contrast: { learningRate: 0.005, epochs: 15 }, twoViews: { epochs: 20 } },
  leastSide: 24,
  partsTell: () => true,
  fillsIn: 'Signals have much structure in time to fill in.',
});

function random({ samples, seed, options, statistics }: ViewRequest<SignalViewOptions>) {
  const [count, ...shape] = samples.shape as [number, ...number[]];
  return applySignalView(samples, sampleSignalView(seed, count, shape, options), options, statistics);
}
