/** Explanations over a picture: cells of a grid, each coloured by what it adds to an answer. */
import type { Panel } from '../data/preview.ts';
import type { ExplanationMap } from './explanation.ts';

export interface HeatCell {
  /** In a square of side 1. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** −1 to 1: above 0 it speaks for the answer. */
  strength: number;
}

/**
 * What is drawn as a picture has its rows and columns as they are; of traces time runs to the right, and each channel
 * has a lane. Nothing lies over what is drawn in another way.
 */
export function heatCells({ grid, values }: ExplanationMap, content: Panel['content']): HeatCell[] {
  const isPicture = 'png' in content;
  if (!isPicture && !('channels' in content)) return [];
  const most = Math.max(1e-12, ...values.map(Math.abs));
  const [first = 1, second = 1] = grid;
  const [columns, rows] = isPicture ? [second, first] : [first, second];
  return values.map((value, at) => {
    const [a, b] = [Math.floor(at / second), at % second];
    const [column, row] = isPicture ? [b, a] : [a, b];
    return {
      x: column / columns,
      y: row / rows,
      width: 1 / columns,
      height: 1 / rows,
      strength: value / most,
    };
  });
}
