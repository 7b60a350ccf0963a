/** Words for a POSIX shell. */

/** A word that the shell takes as it is, whatever stands in it. */
export const quoted = (word: string): string =>
  /^[A-Za-z0-9._:@/+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
