/** Words for a POSIX shell. */

/** A word that the shell takes as it is, whatever stands in it. */
export const quoted = (word: string): string =>
  /^[A-Za-z0-9._:@/+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** Lists as `3,7-9` from the standard input, as numbers one a line. */
export const NUMBERS = `tr ',' '\\n' | while IFS=- read -r from to; do seq "$from" "\${to:-$from}"; done`;
