/**
 * Sections of a long list of rows. A browser draws no element higher than some 33 million pixels: rows beyond could not be
 * reached by scrolling.
 */
import { formatCount } from '../words/format.ts';

/** Rows of a section: 30 million pixels. */
export const SECTION_ROWS = 1_000_000;

export const sectionCount = (total: number, rows = SECTION_ROWS): number =>
  Math.max(1, Math.ceil(total / rows));

export const sectionOf = (place: number, rows = SECTION_ROWS): number => Math.floor(place / rows);

/** Places of the rows of a section, among all from 0. */
export function sectionPlaces(section: number, total: number, rows = SECTION_ROWS): number[] {
  const first = section * rows;
  return Array.from({ length: Math.max(0, Math.min(rows, total - first)) }, (_, at) => first + at);
}

/** "Rows 1,000,001 to 2,000,000 of 5,000,000". */
export function sectionWords(section: number, total: number, rows = SECTION_ROWS): string {
  const last = Math.min(total, (section + 1) * rows);
  return `Rows ${formatCount(section * rows + 1)} to ${formatCount(last)} of ${formatCount(total)}`;
}
