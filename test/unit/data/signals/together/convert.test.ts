import { describe, expect, it } from 'vitest';
import { convertWindow } from '../../../../../src/data/signals/together/convert.ts';

describe('a window on its way to the common form', () => {
  it('is cut, and resampled in seconds: a slow wave stays what it was', () => {
    const wave = (rows: number, rate: number, from: number) =>
      Float32Array.from({ length: rows }, (_, row) => Math.sin(2 * Math.PI * 2 * (from + row / rate)));
    const found = convertWindow(
      wave(400, 200, 0),
      [400, 1],
      [
        { step: 'cut', first: 50, rows: 300 },
        { step: 'rate', fromRate: 200, toRate: 80, rows: 120 },
      ],
    );
    const exact = wave(120, 80, 0.25);
    const inside = [...found.keys()].slice(20, 100);
    expect(Math.max(...inside.map((row) => Math.abs(found[row]! - exact[row]!)))).toBeLessThan(0.005);
  });

  it('has each channel as a weighted sum of its own', () => {
    const step = {
      step: 'interpolate' as const,
      names: ['p', 'q'],
      interpolated: ['q'],
      weights: [
        [1, 0],
        [0.25, 0.75],
      ],
    };
    expect([...convertWindow(Float32Array.of(4, 8, 0, 4), [2, 2], [step])]).toEqual([4, 7, 0, 3]);
  });

  it('is not written into', () => {
    const values = Float32Array.of(1, 2);
    convertWindow(values, [2, 1], [{ step: 'scale', mean: [1], deviation: [1] }]);
    expect([...values]).toEqual([1, 2]);
  });
});
