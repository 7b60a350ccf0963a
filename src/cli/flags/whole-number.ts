import { InvalidArgumentError } from 'commander';

/** A flag's value that is a whole number from 0 on. */
export function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}
