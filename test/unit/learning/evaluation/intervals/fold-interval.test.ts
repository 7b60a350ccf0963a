import { describe, expect, it } from 'vitest';
import { foldInterval } from '../../../../../src/learning/evaluation/intervals/fold-interval.ts';
import { meanInterval } from '../../../../../src/learning/evaluation/intervals/uncertainty.ts';
import { randomStream } from '../../../../../src/learning/random.ts';

/** A person with two classes of samples: where they lie differs from person to person. */
interface Person {
  x: number[][];
  y: number[];
}

const SIDES = 4;

function personOf(normal: () => number, perClass: number): Person {
  const shift = Array.from({ length: SIDES }, () => 0.5 * normal());
  const apart = Array.from({ length: SIDES }, (_, side) => (side === 0 ? 1 : 0) + 0.5 * normal());
  const y = Array.from({ length: 2 * perClass }, (_, i) => i % 2);
  const x = y.map((label) => shift.map((value, side) => value + normal() + label * apart[side]!));
  return { x, y };
}

/** Nearest mean: what is learned of people, and how often it is right of another one. */
function train(people: readonly Person[]): (sample: readonly number[]) => number {
  const means = [0, 1].map((label) => {
    const own = people.flatMap(({ x, y }) => x.filter((_, i) => y[i] === label));
    return Array.from(
      { length: SIDES },
      (_, side) => own.reduce((sum, one) => sum + one[side]!, 0) / own.length,
    );
  });
  const away = (sample: readonly number[], mean: readonly number[]) =>
    sample.reduce((sum, value, side) => sum + (value - mean[side]!) ** 2, 0);
  return (sample) => (away(sample, means[1]!) < away(sample, means[0]!) ? 1 : 0);
}

const accuracyOf = (answer: (sample: readonly number[]) => number, { x, y }: Person) =>
  x.filter((sample, i) => answer(sample) === y[i]).length / y.length;

/** Scores of leaving each of so many people out. */
function foldsOf(people: readonly Person[]): number[] {
  return people.map((tested) => accuracyOf(train(people.filter((one) => one !== tested)), tested));
}

describe('the interval of a mean over folds', () => {
  it('is that of Nadeau and Bengio', () => {
    // scipy: m ± t.ppf(0.975, 4) · sqrt(var(ddof=1) · (1/5 + 1/4)) of these.
    const found = foldInterval([0.61, 0.72, 0.55, 0.68, 0.64])!;
    expect(found.mean).toBeCloseTo(0.64, 12);
    expect(found.low).toBeCloseTo(0.5185801161468473, 9);
    expect(found.high).toBeCloseTo(0.7614198838531527, 9);
    expect(foldInterval([0.5])).toBeNull();
  });

  it('is over the means of folds, whatever their seeds', () => {
    const units = [1, 2, 3].flatMap((fold) =>
      [0.1, -0.1].map((seed) => ({ value: fold / 10 + seed, pretraining: null, fold, influences: null })),
    );
    const found = meanInterval(units)!;
    expect(found).toMatchObject({ folds: 3, pretrainings: 3, testSamples: true });
    const wanted = foldInterval([0.1, 0.2, 0.3])!;
    expect(found.low).toBeCloseTo(wanted.low, 12);
    expect(found.high).toBeCloseTo(wanted.high, 12);
  });

  it.each([4, 6, 12])('holds what other people would show, learned from %i', (count) => {
    const { normal } = randomStream(1, `people ${count}`);
    const others = (many: number) => Array.from({ length: many }, () => personOf(normal, 10));
    const truths = Array.from({ length: 400 }, () => {
      const answer = train(others(count - 1));
      return others(6).reduce((sum, person) => sum + accuracyOf(answer, person) / 6, 0);
    });
    const truth = truths.reduce((sum, one) => sum + one, 0) / truths.length;
    const studies = 300;
    let held = 0;
    for (let study = 0; study < studies; study++) {
      const { low, high } = foldInterval(foldsOf(others(count)))!;
      if (low <= truth && truth <= high) held++;
    }
    // 300 studies are sure to ± 2.5 points.
    expect(held / studies).toBeGreaterThan(0.95 - 0.025);
  });
});
