/** Ids and times as the database keeps them. */
import { randomInt } from 'node:crypto';

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** A new id of ten letters and digits that nobody mistypes (no l, o, 0, 1): 50 bits of chance. */
export function newId(): string {
  return Array.from({ length: 10 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

/** The present, as it is stored and sent. */
export function timestamp(): string {
  return new Date().toISOString();
}
