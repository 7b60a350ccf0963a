/** Options of the changes of signals that must be asked for. */
import { choiceField, integerField, numberField } from '../../../contract/fields.ts';

/** None happens unless it is asked for. */
export const moreChanges = {
  referenceProbability: 0,
  reference: 'average' as 'average' | 'channel',
  shuffleProbability: 0,
  reverseProbability: 0,
  warpProbability: 0,
  warp: 2,
  warpSegments: 10,
  cutProbability: 0,
  cutOf: 10,
  cutCount: 1,
  timeShiftProbability: 0,
  timeShift: 0.2,
  frequencyShiftProbability: 0,
  frequencyShift: 1,
  phaseSwapProbability: 0,
  phaseProbability: 0,
  phase: 0.5,
  slopeProbability: 0,
  slope: 0.2,
  smoothProbability: 0,
  smooth: 5,
  lowPassProbability: 0,
  lowPass: 30,
  highPassProbability: 0,
  highPass: 1,
  bandPassProbability: 0,
  bandPassFrom: 1,
  bandPassTo: 30,
  bandStopProbability: 0,
  bandStopFrom: 8,
  bandStopTo: 13,
  filterOrder: 4,
  offsetProbability: 0,
  offset: 0.5,
  bandNoiseProbability: 0,
  bandNoiseFrom: 8,
  bandNoiseTo: 13,
  bandNoise: 0.5,
  ratioNoiseProbability: 0,
  ratioNoise: 10,
  artifactProbability: 0,
  artifact: 1,
  lineFrequency: 50,
};
export type MoreChanges = typeof moreChanges;

/** Those that are told frequencies, and need the rate of the recordings. */
const OF_FREQUENCY = [
  'frequencyShift',
  'lowPass',
  'highPass',
  'bandPass',
  'bandStop',
  'bandNoise',
  'artifact',
] as const;

/** Titles of the changes that are asked for and cannot be made without a rate. */
export const needingRate = (options: MoreChanges): string[] =>
  OF_FREQUENCY.filter((name) => options[`${name}Probability`] > 0);

/** The frequencies of changes that are asked for, by the names of their options. */
export function edgesOf(options: MoreChanges): [string, number][] {
  const names = {
    lowPass: ['lowPass'],
    highPass: ['highPass'],
    bandPass: ['bandPassFrom', 'bandPassTo'],
    bandStop: ['bandStopFrom', 'bandStopTo'],
    bandNoise: ['bandNoiseFrom', 'bandNoiseTo'],
  } as const;
  return Object.entries(names).flatMap(([change, edges]) =>
    options[`${change as keyof typeof names}Probability`] > 0
      ? edges.map((name): [string, number] => [name, options[name]])
      : [],
  );
}

const often = (title: string, help: string) =>
  numberField({ title, help, minimum: 0, maximum: 1, default: 0, advanced: true });
const amount = (
  title: string,
  help: string,
  usual: number,
  minimum: number,
  maximum: number,
  unit?: string,
) => numberField({ title, help, minimum, maximum, default: usual, advanced: true, ...(unit && { unit }) });
const whole = (title: string, help: string, usual: number, minimum: number, maximum: number, unit: string) =>
  integerField({ title, help, minimum, maximum, default: usual, advanced: true, unit });
const hertz = (title: string, help: string, usual: number) => amount(title, help, usual, 0.01, 20_000, 'Hz');

export const moreChangeFields = (values: MoreChanges) => ({
  referenceProbability: often(
    'Other reference',
    'Share of views whose channels become relative to another reference.',
  ),
  reference: choiceField({
    title: 'Reference',
    help: 'The mean of all channels but the first, which is taken for the old reference; or one channel at random.',
    choices: ['average', 'channel'],
    default: values.reference,
    advanced: true,
  }),
  shuffleProbability: often('Shuffled channels', 'Share of views whose channels change places at random.'),
  reverseProbability: often('Backwards', 'Share of views that run backwards in time.'),
  warpProbability: often('Warped', 'Share of views in which time runs faster here and slower there.'),
  warp: amount('Warp', 'Most that a stretch becomes longer or shorter, as a factor.', values.warp, 1, 10),
  warpSegments: whole(
    'Stretches',
    'Equal parts of the window, each with its own speed.',
    values.warpSegments,
    2,
    64,
    'parts',
  ),
  cutProbability: often(
    'Parts taken out',
    'Share of views from which parts are taken and the rest stretched.',
  ),
  cutOf: whole(
    'Parts',
    'Equal parts of the window, of which some are taken out.',
    values.cutOf,
    2,
    64,
    'parts',
  ),
  cutCount: whole(
    'Taken out',
    'How many parts are taken out; fewer than there are.',
    values.cutCount,
    1,
    32,
    'parts',
  ),
  timeShiftProbability: often('Moved in time', 'Share of views that are moved along time; zeros follow.'),
  timeShift: amount(
    'Move in time',
    'Most that a view is moved, as a share of the window.',
    values.timeShift,
    0,
    0.9,
  ),
  frequencyShiftProbability: often(
    'Moved in frequency',
    'Share of views whose frequencies are all moved up or down.',
  ),
  frequencyShift: hertz('Move in frequency', 'Most that frequencies are moved.', values.frequencyShift),
  phaseSwapProbability: often(
    'Exchanged phases',
    'Share of views with the phases of another window and their own amplitudes.',
  ),
  phaseProbability: often(
    'Turned phases',
    'Share of views whose phases are turned at random, all channels alike.',
  ),
  phase: amount(
    'Turn of phases',
    'Most that a phase is turned, as a share of a whole turn.',
    values.phase,
    0,
    1,
  ),
  slopeProbability: often(
    'Other slopes',
    'Share of views whose steps from point to point are made larger or smaller.',
  ),
  slope: amount('Slopes', 'Most that a step is changed, as a share of it.', values.slope, 0, 1),
  smoothProbability: often('Smoothed', 'Share of views that are averaged over neighbouring points.'),
  smooth: whole('Smoothing', 'Points that are averaged.', values.smooth, 2, 255, 'points'),
  lowPassProbability: often('Low-passed', 'Share of views without high frequencies.'),
  lowPass: hertz('Low-pass edge', 'Frequencies above are taken out.', values.lowPass),
  highPassProbability: often('High-passed', 'Share of views without low frequencies.'),
  highPass: hertz('High-pass edge', 'Frequencies below are taken out.', values.highPass),
  bandPassProbability: often('Band-passed', 'Share of views of which one band is left.'),
  bandPassFrom: hertz('Band from', 'Lower edge of the band that is left.', values.bandPassFrom),
  bandPassTo: hertz('Band to', 'Upper edge of the band that is left.', values.bandPassTo),
  bandStopProbability: often('Band-stopped', 'Share of views of which one band is taken out.'),
  bandStopFrom: hertz('Stopped from', 'Lower edge of the band that is taken out.', values.bandStopFrom),
  bandStopTo: hertz('Stopped to', 'Upper edge of the band that is taken out.', values.bandStopTo),
  filterOrder: whole(
    'Order of filters',
    'Of the Butterworth filters, run both ways: higher is steeper.',
    values.filterOrder,
    1,
    12,
    'order',
  ),
  offsetProbability: often('Moved up or down', 'Share of views that a constant is added to.'),
  offset: amount(
    'Constant',
    'Most that is added, in standard deviations of each channel.',
    values.offset,
    0,
    10,
  ),
  bandNoiseProbability: often(
    'Noise of a band',
    'Share of views with noise of one band of frequencies, alike on all channels.',
  ),
  bandNoiseFrom: hertz('Noise from', 'Lowest frequency of the noise.', values.bandNoiseFrom),
  bandNoiseTo: hertz('Noise to', 'Highest frequency of the noise.', values.bandNoiseTo),
  bandNoise: amount(
    'Strength of the band',
    'Relative to each channel’s standard deviation.',
    values.bandNoise,
    0,
    10,
  ),
  ratioNoiseProbability: often(
    'Noise at a ratio',
    'Share of views with noise alike on all channels, at a ratio to each one’s power.',
  ),
  ratioNoise: amount(
    'Signal to noise',
    'Power of the signal over that of the noise.',
    values.ratioNoise,
    -40,
    80,
    'dB',
  ),
  artifactProbability: often(
    'Artifacts',
    'Share of views with an artifact as in EEG: the mains, eyes, muscles, a lost contact, a drift or white noise.',
  ),
  artifact: amount(
    'Strength of artifacts',
    'Relative to each channel’s standard deviation.',
    values.artifact,
    0,
    20,
  ),
  lineFrequency: amount(
    'Mains',
    'Frequency of the mains, for artifacts.',
    values.lineFrequency,
    40,
    70,
    'Hz',
  ),
});
