/** Values of files that have types, as cells. */
import type { Cell } from '../source.ts';

/** Times are written as the clock stood, without a zone; a time of midnight is the day alone. */
export function cellOf(value: unknown): Cell {
  switch (typeof value) {
    case 'number':
      return value;
    case 'string':
      return value.trim();
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint': {
      // What a number cannot hold to its last digit names something, and counts nothing.
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : String(value);
    }
    default:
      if (value === null || value === undefined) return '';
      if (value instanceof Date) return momentText(value.getTime());
      if (value instanceof Uint8Array) return `(${value.length} bytes)`;
      return JSON.stringify(value);
  }
}

/** @param milliseconds since 1970-01-01 */
export function momentText(milliseconds: number): string {
  const moment = new Date(milliseconds);
  if (Number.isNaN(moment.getTime())) return '';
  const text = moment.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ');
}
