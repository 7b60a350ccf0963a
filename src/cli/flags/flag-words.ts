/** What to do about an import, in the flags of the command line: the errors themselves name fields, as recipes have them. */
import type { ReaderDescription } from '../../contract/catalogue.ts';
import { mentionFields } from '../../contract/field-mentions.ts';
import { flagNames } from './import-options.ts';

/** The text with `--window-length` for `windowLength`. */
export const inFlags = (text: string, readers: readonly ReaderDescription[]): string =>
  mentionFields(text, flagNames(readers));
