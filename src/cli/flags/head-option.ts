/** Which head of a model is meant, for whatever uses models by it. */
import { Option } from 'commander';
import { UsageError } from '../environment.ts';

export interface HeadFlag {
  head?: string;
}

export const headOption = (): Option =>
  new Option(
    '--head <dataset>',
    'of a model with several heads: the dataset whose head is meant; `models` lists them',
  );

/** For what is asked: nothing where the flag was left out. */
export const headWish = ({ head }: HeadFlag): HeadFlag => (head === undefined ? {} : { head });

/** @throws UsageError where a checkpoint is asked for, which has no heads to choose from */
export function requireNoHead({ head }: HeadFlag): void {
  if (head !== undefined)
    throw new UsageError(
      'A checkpoint is an encoder and has no heads: leave out --head, or name a model instead of --checkpoint.',
    );
}
