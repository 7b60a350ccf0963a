import { describe, expect, it } from 'vitest';
import { classMap } from '../../../../../src/learning/downstream/class-map.ts';
import {
  byCell,
  covered,
  planOcclusion,
} from '../../../../../src/learning/evaluation/predictions/occlusion.ts';
import { randomStream } from '../../../../../src/learning/random.ts';

const stream = randomStream(4, 'occlusion');
const random = (count: number) => Float32Array.from({ length: count }, () => stream.normal());

/** What covering tells of an answer that is a weighted sum: exactly the weights times what was covered. */
function explained(shape: number[], weights: Float32Array, sample: Float32Array, fill: Float32Array) {
  const plan = planOcclusion(shape);
  const answer = (values: Float32Array) => values.reduce((sum, value, at) => sum + value * weights[at]!, 0);
  const drops = plan.covers.map((cover) => answer(sample) - answer(covered(sample, shape, cover, fill)));
  return { plan, drops, cells: byCell(plan, drops) };
}

describe('covering parts', () => {
  it('of a table row tells each column’s part of a linear answer', () => {
    const [weights, sample, fill] = [random(5), random(5), random(5)];
    const { plan, cells } = explained([5], weights, sample, fill);
    expect(plan.grid).toEqual([5]);
    cells.forEach((cell, at) => expect(cell).toBeCloseTo(weights[at]! * (sample[at]! - fill[at]!), 5));
  });

  it('of an image finds the one pixel that an answer hangs on, and nothing elsewhere', () => {
    const shape = [36, 24, 2];
    const weights = new Float32Array(36 * 24 * 2);
    weights[(20 * 24 + 5) * 2 + 1] = 3;
    const sample = new Float32Array(weights.length).fill(1);
    const { plan, cells } = explained(shape, weights, sample, Float32Array.of(0, 0.5));
    expect(plan.grid).toEqual([12, 12]);
    // Every cell under a cover that holds the pixel: its own and its neighbours, its own the most.
    const own = Math.floor(20 / 3) * 12 + Math.floor(5 / 2);
    expect(cells[own]).toBeCloseTo(1.5, 6);
    expect(Math.max(...cells)).toBe(cells[own]);
    expect(cells.filter((cell) => cell !== 0)).toHaveLength(9);
  });

  it('of a signal tells channels apart, and takes fewer stretches where there are many', () => {
    const shape = [100, 3];
    const weights = new Float32Array(300);
    for (let time = 50; time < 100; time += 1) weights[time * 3 + 2] = 1;
    const sample = new Float32Array(300).fill(2);
    const { plan, cells } = explained(shape, weights, sample, Float32Array.of(0, 0, 0));
    expect(plan.grid).toEqual([24, 3]);
    const lane = (channel: number) => cells.filter((_, at) => at % 3 === channel);
    expect(Math.max(...lane(0), ...lane(1))).toBe(0);
    expect(Math.max(...lane(2).slice(0, 11))).toBe(0);
    expect(Math.min(...lane(2).slice(13))).toBeGreaterThan(7);
    expect(planOcclusion([1000, 64]).covers.length).toBeLessThan(500);
  });

  it('covers every value somewhere', () => {
    const shape = [13, 7, 1];
    const sample = new Float32Array(91).fill(1);
    const seen = new Float32Array(91);
    for (const cover of planOcclusion(shape).covers)
      covered(sample, shape, cover, [0]).forEach((value, at) => (seen[at]! += 1 - value));
    expect(Math.min(...seen)).toBeGreaterThan(0);
  });
});

describe('a map of a class', () => {
  it('adds up to the answer: its mean over all places is what the head makes of the features', () => {
    const [places, channels] = [12, 5];
    const [maps, weights] = [random(places * channels), random(channels)];
    const features = Float32Array.from({ length: channels }, (_, channel) => {
      let sum = 0;
      for (let place = 0; place < places; place += 1) sum += maps[place * channels + channel]!;
      return sum / places;
    });
    const map = classMap(maps, features, weights)!;
    const mean = map.reduce((sum, value) => sum + value, 0) / places;
    expect(mean).toBeCloseTo(
      features.reduce((sum, feature, at) => sum + feature * weights[at]!, 0),
      5,
    );
    // A class token is no mean of the maps.
    expect(
      classMap(
        maps,
        features.map((value) => value + 1),
        weights,
      ),
    ).toBeNull();
  });
});
