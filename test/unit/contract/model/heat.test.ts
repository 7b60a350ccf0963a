import { describe, expect, it } from 'vitest';
import { heatCells } from '../../../../src/contract/model/heat.ts';

const map = { grid: [2, 3], values: [1, 0, 0, 0, 0, -4] } as Parameters<typeof heatCells>[0];
const places = (content: Parameters<typeof heatCells>[1]) =>
  heatCells(map, content)
    .filter(({ strength }) => strength !== 0)
    .map(({ x, y, strength }) => [x, y, strength]);

describe('an explanation over a sample', () => {
  it('has the rows and columns of a picture as they are', () => {
    expect(places({ kind: 'image', width: 3, height: 2, png: '' })).toEqual([
      [0, 0, 0.25],
      [2 / 3, 1 / 2, -1],
    ]);
  });

  it('has time to the right and a lane for each channel of traces', () => {
    expect(places({ kind: 'signal', channels: [[], [], []] })).toEqual([
      [0, 0, 0.25],
      [1 / 2, 2 / 3, -1],
    ]);
  });

  it('does not lie over cells of a row', () => {
    expect(heatCells(map, { kind: 'row', cells: [] })).toEqual([]);
  });
});
