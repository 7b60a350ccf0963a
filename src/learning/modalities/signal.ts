/** Signals: windows of recordings, float32 [L, C] in stored units. */
import { shortWindows } from '../views/multi-crop.ts';
import { applySignalView, sampleSignalView, signalViewField, signalViews } from '../views/signal.ts';
import type { SignalViewOptions } from '../views/signal.ts';
import { PretextError } from '../../contract/errors.ts';
import { findSignalKind } from '../../contract/data/recordings/find-kind.ts';
import type { SampleDescription } from '../../contract/data/sample-description.ts';
import { viewsOfKinds, viewWords } from '../views/signals/by-kind.ts';
import { edgesOf, needingRate } from '../views/signals/options.ts';
import { tf } from '../../tensor/index.ts';
import { presentChannels } from '../channels.ts';
import { defineModality, type ViewRequest } from './modality.ts';

export const signal = defineModality<SignalViewOptions>({
  id: 'signal',
  views: {
    field: 'signalViews',
    options: signalViews,
    schema: signalViewField,
    proposes: (about, own) => viewsOfKinds(kindsOf(about), signalViews(), own),
    proposesBecause: (about, own) => viewWords(kindsOf(about), signalViews(), own),
    complete,
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
      // As the usual ones once were: fine-tuning by name means what it meant.
      strong: signalViews({ cropProbability: 0.8 }),
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

/** Whoever was not told finds out. */
const kindsOf = ({ signalKinds, channelNames, samplingRate }: SampleDescription) =>
  signalKinds ?? [findSignalKind({ channelNames, samplingRate }).kind];

/** Frequencies are meant at the rate of the recordings. */
function complete(options: SignalViewOptions, { samplingRate }: SampleDescription): SignalViewOptions {
  if (options.cutProbability > 0 && options.cutCount >= options.cutOf)
    throw new PretextError({
      code: 'task.nothing-left',
      message: `signalViews.cutCount must be below cutOf (${options.cutOf}), or nothing is left. Found: ${options.cutCount}.`,
      place: 'pretext.options.signalViews.cutCount',
      remedy: 'Take out fewer parts, or make more of them.',
    });
  const rate = options.samplingRate || samplingRate;
  const [first] = needingRate(options);
  if (first === undefined) return options;
  if (rate === undefined)
    throw new PretextError({
      code: 'task.no-rate',
      message: `Views with ${first}Probability change frequencies, and no rate of the recordings is known.`,
      place: `pretext.options.signalViews.${first}Probability`,
      remedy:
        'Set signalViews.samplingRate, import the recordings with their rate, or leave this change out.',
    });
  const beyond = edgesOf(options).find(([, hertz]) => hertz >= rate / 2);
  if (beyond)
    throw new PretextError({
      code: 'task.beyond-nyquist',
      message: `signalViews.${beyond[0]} must be below half the rate (${rate / 2} Hz). Found: ${beyond[1]}.`,
      place: `pretext.options.signalViews.${beyond[0]}`,
      remedy: 'Lower it, or leave this change out.',
    });
  return { ...options, samplingRate: rate };
}

function random({ samples, seed, options, statistics }: ViewRequest<SignalViewOptions>) {
  const [count, ...shape] = samples.shape as [number, ...number[]];
  const view = applySignalView(samples, sampleSignalView(seed, count, shape, options), options, statistics);
  // No noise and no neighbour makes a channel that a recording lacks.
  return statistics.mayMiss ? tf.mul(view, presentChannels(samples)) : view;
}
