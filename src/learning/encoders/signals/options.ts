/** Options that networks for signals have in common, and what a time in seconds is in points. */
import { integerField, numberField } from '../../../contract/fields.ts';

/**
 * A time of the paper in points of the recording: by its rate where that is known, else the paper's own points; never
 * fewer than `least` nor more than `most`.
 */
export function pointsOf(
  wanted: number,
  paper: { seconds: number; points: number },
  samplingRate: number | undefined,
  { least = 1, most }: { least?: number; most: number },
): number {
  if (wanted > 0) return wanted;
  const points = samplingRate === undefined ? paper.points : Math.round(paper.seconds * samplingRate);
  return Math.max(least, Math.min(most, points));
}

/** Points in time, 0 for what the paper says in seconds. */
export const pointsField = (title: string, help: string, maximum = 4096) =>
  integerField({
    title,
    help: `${help} 0 takes the paper’s, in seconds, at the rate of the recordings.`,
    minimum: 0,
    maximum,
    default: 0,
    unit: 'points',
  });

/** What `pointsOf` makes of the paper's filters of a tenth of a second, averaged over 0.3 seconds every 0.06 seconds. */
export function filterAndPool(
  told: { kernelSize: number; pool: number; poolStride: number },
  length: number,
  samplingRate: number | undefined,
) {
  // Schirrmeister et al. recorded at 250 Hz.
  const points = (wanted: number, seconds: number, most: number) =>
    pointsOf(wanted, { seconds, points: Math.round(seconds * 250) }, samplingRate, { most });
  const size = points(told.kernelSize, 0.1, Math.ceil(length / 4));
  const pool = points(told.pool, 0.3, Math.ceil(length / 2));
  return { size, pool, stride: points(told.poolStride, 0.06, pool) };
}

export const filtersField = (title: string, help: string, usual: number) =>
  integerField({ title, help, minimum: 1, maximum: 512, default: usual, unit: 'filters' });

export const mixturesField = integerField({
  title: 'Mixtures',
  help: 'Ways in which each filter is mixed over the electrodes.',
  minimum: 1,
  maximum: 16,
  default: 2,
});

export const dropoutField = (usual: number) =>
  numberField({
    title: 'Dropout',
    help: 'Share of values that are set to 0 in training, as in the paper.',
    minimum: 0,
    maximum: 0.9,
    default: usual,
  });

export const maxNormField = (usual: number) =>
  numberField({
    title: 'Greatest norm',
    help: 'The weights that mix the electrodes for one filter are kept within this norm; 0 for no limit.',
    minimum: 0,
    maximum: 100,
    default: usual,
    advanced: true,
  });

export const placesField = integerField({
  title: 'Places in time',
  help: 'Stretches of the window that the features tell apart. 0 keeps all, as in the paper, as long as that makes no more than 1024 features; 1 takes their mean.',
  minimum: 0,
  maximum: 4096,
  default: 0,
  unit: 'places',
  advanced: true,
});
