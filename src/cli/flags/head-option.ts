/** Which head of a model is meant, for whatever uses models by it. */
import { Option } from 'commander';

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
