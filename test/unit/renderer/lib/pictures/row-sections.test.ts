import { expect, it } from 'vitest';
import {
  SECTION_ROWS,
  sectionCount,
  sectionOf,
  sectionPlaces,
  sectionWords,
} from '../../../../../renderer/lib/pictures/row-sections.ts';

it('parts rows into sections that a browser can draw', () => {
  expect(30 * SECTION_ROWS).toBeLessThan(2 ** 25);
  expect([0, 1, SECTION_ROWS, SECTION_ROWS + 1].map((total) => sectionCount(total))).toEqual([1, 1, 1, 2]);
  expect([0, SECTION_ROWS - 1, SECTION_ROWS].map((place) => sectionOf(place))).toEqual([0, 0, 1]);
  expect([0, 1, 2].map((section) => sectionPlaces(section, 8, 3))).toEqual([
    [0, 1, 2],
    [3, 4, 5],
    [6, 7],
  ]);
  expect(sectionPlaces(0, 0)).toEqual([]);
});

it('says which rows a section holds', () => {
  expect(sectionWords(1, 5_000_000)).toBe('Rows 1,000,001 to 2,000,000 of 5,000,000');
  expect(sectionWords(1, 1_200_000)).toBe('Rows 1,000,001 to 1,200,000 of 1,200,000');
});
