/** What pretraining is worth in labels, in a sentence. */
import type { LabelCount, LabelWorth, StudyResult } from './result.ts';

/** Two digits count: "about 130". */
export function roundLabels(labels: number): number {
  if (labels < 100) return Math.max(1, Math.round(labels));
  const unit = 10 ** (Math.floor(Math.log10(labels)) - 1);
  return Math.round(labels / unit) * unit;
}

const written = (labels: number) => labels.toLocaleString('en');

/** "130", "more than 200". */
export function countWords({ labels, is }: LabelCount): string {
  if (is === 'about') return written(roundLabels(labels));
  return `${is === 'more-than' ? 'more' : 'fewer'} than ${written(labels)}`;
}

/** "90 to more than 200"; where both ends lie outside on the same side, that once. */
export function worthIntervalWords({ low, high }: NonNullable<LabelWorth['interval']>): string {
  const [from, to] = [countWords(low), countWords(high)];
  return from === to ? from : `${from} to ${to}`;
}

/** Whether the interval leaves no doubt that more, or fewer, labels are needed from scratch. */
export function isCertain({ labels, interval }: LabelWorth): boolean {
  if (!interval) return false;
  const above = ({ labels: count, is }: LabelCount) =>
    is === 'more-than' ? count >= labels : is === 'about' && count > labels;
  const below = ({ labels: count, is }: LabelCount) =>
    is === 'fewer-than' ? count <= labels : is === 'about' && count < labels;
  return above(interval.low) || below(interval.high);
}

/** Where a score lies beyond all that was tried from scratch: with the same labels, or with others. */
function outside({ labels, worth }: LabelWorth): string {
  const subject = `${written(labels)} ${labels === 1 ? 'label does' : 'labels do'}`;
  const [much, well, tried] =
    worth.is === 'more-than'
      ? ['more', 'better', 'the most that were tried']
      : ['less', 'worse', 'the fewest that were tried'];
  return labels === worth.labels
    ? `${subject} ${well} after pretraining than from scratch, with ${tried}`
    : `${subject} ${much} than ${written(worth.labels)} did from scratch, ${tried}`;
}

/** "40 labels do what 130 did from scratch, 95 % interval 90 to 190." */
export function worthSentence(point: LabelWorth): string {
  const { labels, worth, interval } = point;
  const subject = `${written(labels)} ${labels === 1 ? 'label does' : 'labels do'}`;
  const clause =
    worth.is === 'about' ? `${subject} what ${countWords(worth)} did from scratch` : outside(point);
  if (!interval) return `${clause}; it takes three seeds to say how certain that is.`;
  if (worth.is !== 'about' && isCertain(point) && countWords(interval.low) === countWords(interval.high))
    return `${clause}; so says all of the 95 % interval.`;
  const doubt = isCertain(point) ? '' : ': no clear saving';
  return `${clause}, 95 % interval ${worthIntervalWords(interval)}${doubt}.`;
}

/** The point that a result is told by: the pretrained arm with the fewest labels that save some for certain, else with the fewest. */
export function tellingPoint({ labelEfficiency }: Pick<StudyResult, 'labelEfficiency'>): LabelWorth | null {
  const points = labelEfficiency?.points.filter(({ arm }) => arm === 'pretrained') ?? [];
  const times = ({ worth, labels }: LabelWorth) => worth.labels / labels;
  const certain = points.filter((point) => isCertain(point) && times(point) > 1);
  return certain[0] ?? points[0] ?? null;
}

/** What the numbers of labels leave out, so that nobody takes them for all that must be labeled. */
export function uncountedLabels({ split }: Pick<StudyResult, 'split'>, most?: number): string | null {
  if (split.validation === 0) return null;
  const count = most === undefined ? split.validation : Math.min(most, split.validation);
  return `Not counted: the labels of up to ${written(count)} validation samples, by which every arm alike stops and chooses its weights.`;
}
