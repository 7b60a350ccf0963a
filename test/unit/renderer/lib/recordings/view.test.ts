import { expect, it } from 'vitest';
import {
  lanesOf,
  TILE_COLUMNS,
  tilesOf,
  timeWords,
  viewOf,
  within,
  zoomed,
} from '../../../../../renderer/lib/recordings/view.ts';

const ROWS = 1_152_000;
const WIDTH = 1000;

it('stays within the recording', () => {
  expect(within({ from: -5, rowsPerColumn: 2 }, ROWS, WIDTH).from).toBe(0);
  expect(within({ from: ROWS, rowsPerColumn: 2 }, ROWS, WIDTH).from).toBe(ROWS - 2000);
  expect(within({ from: 10, rowsPerColumn: 2 }, 500, WIDTH).from).toBe(0);
});

it('zooms about its middle, by powers of two, until all is seen or a column is a row', () => {
  const near = zoomed({ from: 4000, rowsPerColumn: 4 }, 1, ROWS, WIDTH);
  expect(near).toEqual({ from: 5000, rowsPerColumn: 2 });
  expect(zoomed(near, -1, ROWS, WIDTH)).toEqual({ from: 4000, rowsPerColumn: 4 });
  expect(zoomed({ from: 0, rowsPerColumn: 1 }, 1, ROWS, WIDTH).rowsPerColumn).toBe(1);
  expect(zoomed({ from: 0, rowsPerColumn: 2048 }, -1, ROWS, WIDTH).rowsPerColumn).toBe(2048);
  expect(viewOf(0, 1600, ROWS, WIDTH).rowsPerColumn).toBe(2);
});

it('asks for the tiles that are seen and those beside them', () => {
  const from = 20 * TILE_COLUMNS;
  const last = Math.floor((from + WIDTH) / TILE_COLUMNS) + 1;
  expect(tilesOf({ from, rowsPerColumn: 1 }, ROWS, WIDTH)).toEqual(
    Array.from({ length: last - 18 }, (_, at) => 19 + at),
  );
  expect(tilesOf({ from: 0, rowsPerColumn: 1 }, TILE_COLUMNS + 1, WIDTH)).toEqual([0, 1]);
});

it('places a channel by what it does in most columns, not by single peaks', () => {
  const values = new Float32Array([4, 6, 4, 6, 900, 1000, 4, 6, NaN, NaN]);
  expect(lanesOf(values, 1)).toEqual([{ middle: 5, reach: 1 }]);
});

it('tells hours, minutes and seconds, or rows', () => {
  expect(timeWords(160 * 3725.5, 160)).toBe('1:02:05.5');
  expect(timeWords(160 * 65, 160, 0)).toBe('1:05');
  expect(timeWords(160 * 59.97, 160, 0)).toBe('1:00');
  expect(timeWords(160 * 3599.99, 160)).toBe('1:00:00.0');
  expect(timeWords(41, null)).toBe('row 42');
});
