import { describe, expect, it } from 'vitest';
import { convertWindow } from '../../../../../src/data/signals/together/convert.ts';
import { signalsTogether } from '../../../../../src/data/signals/together/form.ts';
import { request, source } from './sources.ts';

describe('the common form of signals', () => {
  const a = source('a', ['x', 'y'], { shape: [4, 2] });
  const b = source('b', ['y'], { shape: [4, 1], channelStatistics: { mean: [1e6], standardDeviation: [0] } });

  it('has every channel scaled by its own dataset, and 0 where one is missing', () => {
    const form = signalsTogether(request([a, b], { match: 'all' }));
    expect(form.shape).toEqual([4, 2]);
    expect(form.about).toEqual({ channelNames: ['x', 'y'], samplingRate: 100, mayMiss: true });
    // Means 0 and 1, deviations 2 and 4.
    const window = Float32Array.of(0, 1, 2, 5, 4, 9, 6, 13);
    expect([...convertWindow(window, a.shape, form.steps['a']!)]).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
    // A channel that never changes keeps its unit.
    const flat = Float32Array.of(1e6, 1e6 + 2, 1e6, 1e6);
    expect([...convertWindow(flat, b.shape, form.steps['b']!)]).toEqual([0, 0, 0, 2, 0, 0, 0, 0]);
  });

  it('keeps the shape of a field on the head by one deviation for all electrodes', () => {
    const cap = source('cap', ['Fz', 'Cz', 'Pz', 'C3', 'C4']);
    const form = signalsTogether(request([source('wanted', ['Fz', 'FCz']), cap], { match: 'interpolate' }));
    const [scale] = form.steps['cap']!;
    const overall = Math.sqrt((4 + 16 + 36 + 64 + 100) / 5);
    expect(scale).toEqual({ step: 'scale', mean: [0, 1, 2, 3, 4], deviation: new Array(5).fill(overall) });
  });
});
