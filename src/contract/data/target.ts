/** What the labels of a dataset are: one class or number a sample, or several labels or numbers at once. */
import { z } from 'zod';

export const targetSchema = z.enum(['classes', 'number', 'labels', 'numbers']);
export type Target = z.infer<typeof targetSchema>;

/** Of every sample a row of targets, each with a name of its own: any of them may be unknown. */
export const isSeveral = (target: Target): target is 'labels' | 'numbers' =>
  target === 'labels' || target === 'numbers';

/** Of what kind each single answer is: one of some names, or an amount. */
export const answersNames = (target: Target): boolean => target === 'classes' || target === 'labels';

const WORDS: Record<Target, string> = {
  classes: 'classes',
  number: 'numbers',
  labels: 'several labels at once',
  numbers: 'several numbers at once',
};
/** Within a sentence: “the labels are …”. */
export const targetWords = (target: Target): string => WORDS[target];

/** A label counts as there from this probability on. */
export const LABEL_THRESHOLD = 0.5;

const UNKNOWN = '?';
/** Numbers were kept as float32: further digits are made up. */
export const numberText = (value: number, digits = 7) => String(Number(value.toPrecision(digits)));

/**
 * Names of the labels that are there (“none of the labels” where all are known not to be), with those that are not known in the end; or each number with its
 * name. Null where nothing is known.
 */
export function targetsText(
  values: ArrayLike<number>,
  names: readonly string[],
  target: Target,
  digits?: number,
): string | null {
  const all = Array.from(values);
  if (all.every(Number.isNaN)) return null;
  if (target === 'numbers')
    return names
      .map((name, at) => `${name} ${Number.isNaN(all[at]) ? UNKNOWN : numberText(all[at]!, digits)}`)
      .join(', ');
  const there = names.filter((_, at) => all[at]! >= LABEL_THRESHOLD);
  const unknown = names.filter((_, at) => Number.isNaN(all[at])).map((name) => `${name} ${UNKNOWN}`);
  return [...(there.length > 0 ? there : ['none of the labels']), ...unknown].join(', ');
}
