/** What a split of a dataset cannot give: classes or labels that are missing where they are needed. Pure. */
import type { Dataset } from '../../entities.ts';
import { answersNames } from '../target.ts';

export interface SplitGap {
  /** Nothing can be measured, or nothing learned: a study would be of no use. */
  blocking: boolean;
  message: string;
}

type Facts = Pick<Dataset, 'name' | 'target' | 'classes' | 'labeledCount' | 'split'>;

const SHOWN = 5;

/** None for a dataset without labels: it serves pretraining alone. */
export function splitGaps(dataset: Facts): SplitGap[] {
  const { name, target, classes, labeledCount } = dataset;
  if (labeledCount === 0) return [];
  const labeled = labeledIn(dataset);
  if (target === 'classes' && classes.length === 1)
    return [
      {
        blocking: true,
        message: `“${name}” has one class, “${classes[0]!.name}”: there is nothing that it could be told from.`,
      },
    ];
  const gaps: SplitGap[] = [];
  if (labeled && labeled.train === 0)
    gaps.push({ blocking: true, message: `No training sample of “${name}” has a label to learn from.` });
  if (labeled && labeled.test === 0)
    gaps.push({
      blocking: true,
      message: `No test sample of “${name}” has a label: nothing could be measured.`,
    });
  if (labeled && labeled.validation === 0)
    gaps.push({
      blocking: true,
      message: `No validation sample of “${name}” has a label: training could not be stopped at its best, nor settings be chosen.`,
    });
  if (!answersNames(target) || gaps.some(({ blocking }) => blocking)) return gaps;
  const without = (split: 'train' | 'validation' | 'test') =>
    classes.filter((one) => one[split] === 0).map((one) => `“${one.name}”`);
  const untrained = without('train');
  if (untrained.length > 0)
    gaps.push({
      blocking: false,
      message: `${list(untrained)} of “${name}” ${isOrAre(untrained)} never trained: no training sample is of ${itOrThem(untrained)}, so every answer there is wrong.`,
    });
  const untested = without('test');
  if (untested.length > 0)
    gaps.push({
      blocking: false,
      message: `${list(untested)} of “${name}” ${isOrAre(untested)} never tested: no test sample is of ${itOrThem(untested)}, so the score says nothing about ${itOrThem(untested)}.`,
    });
  const unvalidated = without('validation');
  if (unvalidated.length > 0 && labeled?.validation !== 0)
    gaps.push({
      blocking: false,
      message: `${list(unvalidated)} of “${name}” ${unvalidated.length === 1 ? 'is' : 'are'} missing among the validation samples, by which training is stopped.`,
    });
  return gaps;
}

/** Null where it is not known: numbers of a dataset that an earlier version imported. */
function labeledIn({ target, classes, split }: Facts) {
  if (target !== 'classes') return split.labeled ?? null;
  const sum = (part: 'train' | 'validation' | 'test') => classes.reduce((all, one) => all + one[part], 0);
  return { train: sum('train'), validation: sum('validation'), test: sum('test') };
}

const list = (names: readonly string[]) =>
  names.length > SHOWN
    ? `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more classes`
    : names.join(', ');
const isOrAre = (names: readonly string[]) => (names.length === 1 ? 'is' : 'are');
const itOrThem = (names: readonly string[]) => (names.length === 1 ? 'it' : 'them');
