/** What to do about an import, in the flags of the command line: the errors themselves name fields, as recipes have them. */
import type { ReaderDescription } from '../../contract/catalogue.ts';
import { flagNames } from './import-options.ts';

/** `signals.windowLength`, or a name of two words, which no sentence has for another reason. */
const FIELD = /(?<![\w`.-])(?:(?:signals|images|text|options)\.)?([a-z][A-Za-z0-9]*)(?![\w.]*\w)/g;
/** A name of one word where it stands for itself: “(axes)”. */
const ALONE = /\(([a-z]+)(: [^)]*)?\)/g;

/** The text with `--window-length` for `windowLength`. */
export function inFlags(text: string, readers: readonly ReaderDescription[]): string {
  const flags = flagNames(readers);
  return text
    .replace(FIELD, (whole, name: string) => {
      const isName = whole !== name || /[A-Z]/.test(name);
      return (isName && flags.get(name)) || whole;
    })
    .replace(ALONE, (whole, name: string, value = '') =>
      flags.has(name) ? `(${flags.get(name)}${value})` : whole,
    );
}
