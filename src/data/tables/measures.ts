/** Names of categories as numbers with their units: “10 mg” is a category in a few rows, and a number in many. */
import { decideNumbers, noEvidence, weigh } from '../delimited/numbers.ts';
import { unitKey } from '../delimited/units.ts';
import { cellForm, cellNumber, cellUnit } from './source.ts';

/** One text for all ways to write a number with a unit, or without: 10 mg, 10mg and 10.0 mg. */
export const measureKey = (number: number, unit: string | null | undefined): string =>
  `${number} ${unitKey(unit ?? '')}`;

export interface Measure {
  /** NaN where the name is no number. */
  number: number;
  unit: string | null;
}

/** Categories keep what was typed: how their numbers are written is told from themselves; in doubt, with a point. */
export function measuresOf(categories: readonly string[]): Measure[] {
  const evidence = noEvidence();
  for (const name of categories) weigh(evidence, name.trim());
  const { doubt, ...format } = decideNumbers(evidence);
  const form = cellForm(doubt === null ? format : { decimal: '.', thousands: '' });
  return categories.map((name) => ({
    number: cellNumber(name.trim(), form),
    unit: cellUnit(name.trim(), form),
  }));
}
