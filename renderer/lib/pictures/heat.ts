/** Explanations over a picture: cells of a grid, each coloured by what it adds to an answer. */
import type { ExplanationMap } from '../../../src/contract/model/explanation.ts';

export interface HeatCell {
  /** In a square of side 1. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** −1 to 1: above 0 it speaks for the answer. */
  strength: number;
}

/** Of images rows and columns lie as they are; of signals time runs to the right, and each channel has a lane. */
export function heatCells({ grid, values }: ExplanationMap, kind: 'image' | 'signal'): HeatCell[] {
  const most = Math.max(1e-12, ...values.map(Math.abs));
  const [first = 1, second = 1] = grid;
  const [columns, rows] = kind === 'image' ? [second, first] : [first, second];
  return values.map((value, at) => {
    const [a, b] = [Math.floor(at / second), at % second];
    const [column, row] = kind === 'image' ? [b, a] : [a, b];
    return {
      x: column / columns,
      y: row / rows,
      width: 1 / columns,
      height: 1 / rows,
      strength: value / most,
    };
  });
}
