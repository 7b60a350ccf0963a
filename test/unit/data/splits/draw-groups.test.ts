import { describe, expect, it } from 'vitest';
import { assignGroups, costOfDivision } from '../../../../src/data/splits/draw-groups.ts';
import { createRandom, type RandomSource } from '../../../../src/data/shards/random.ts';

const shares = [0.65, 0.15, 0.2];
type Counts = Map<number, Map<number, number>>;

function randomGroups(random: RandomSource, groups: number, classes: number): Counts {
  return new Map(
    Array.from({ length: groups }, (_, id) => {
      const held = Array.from({ length: 1 + random.below(2) }, () => random.below(classes));
      return [id, new Map(held.map((name) => [name, 1 + random.below(20)]))];
    }),
  );
}

/** The least cost of all divisions: every one is looked at. */
function leastCost(counts: Counts): number {
  const ids = [...counts.keys()];
  let least = Infinity;
  for (let code = 0; code < 3 ** ids.length; code += 1) {
    const parts = new Map(ids.map((id, at) => [id, Math.floor(code / 3 ** at) % 3]));
    least = Math.min(least, costOfDivision({ counts, shares }, parts));
  }
  return least;
}

const classesIn = (counts: Counts, parts: Map<number, number>, part: number) =>
  new Set([...counts].flatMap(([id, held]) => (parts.get(id) === part ? [...held.keys()] : [])));

describe('whole groups', () => {
  it('are divided as well as by trying every division', () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const random = createRandom(seed, 5);
      const counts = randomGroups(random, 3 + random.below(5), 1 + random.below(3));
      const parts = assignGroups({ counts, shares, random });
      expect(costOfDivision({ counts, shares }, parts), `seed ${seed}`).toBeCloseTo(leastCost(counts), 6);
    }
  });

  it('leave no class out of a split where three groups hold it', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const counts: Counts = new Map(
        Array.from({ length: 18 }, (_, id) => [id, new Map([[Math.floor(id / 3), 5 + (id % 3)]])]),
      );
      const parts = assignGroups({ counts, shares, random: createRandom(seed) });
      for (const part of [0, 1, 2]) expect(classesIn(counts, parts, part).size).toBe(6);
    }
  });

  it('train and test a class that two groups hold, and train one that a single group holds', () => {
    const counts: Counts = new Map([
      [0, new Map([[0, 9]])],
      [1, new Map([[0, 9]])],
      [2, new Map([[1, 9]])],
      ...Array.from({ length: 9 }, (_, id) => [id + 3, new Map([[2, 5]])] as const),
    ]);
    const parts = assignGroups({ counts, shares, random: createRandom(1) });
    expect(new Set([parts.get(0), parts.get(1)])).toEqual(new Set([0, 2]));
    expect(parts.get(2)).toBe(0);
  });

  it('come near the shares of every class where subjects hold all of them, and are quick where they are many', () => {
    const random = createRandom(3);
    const counts: Counts = new Map(
      Array.from({ length: 40 }, (_, id) => [
        id,
        new Map(Array.from({ length: 5 }, (__, name) => [name, 5 + random.below(20)])),
      ]),
    );
    const parts = assignGroups({ counts, shares, random });
    for (let name = 0; name < 5; name += 1)
      for (const part of [0, 1, 2]) {
        const sum = (of: (id: number) => boolean) =>
          [...counts].reduce((total, [id, held]) => total + (of(id) ? held.get(name)! : 0), 0);
        expect(sum((id) => parts.get(id) === part) / sum(() => true)).toBeCloseTo(shares[part]!, 1);
      }
    const many: Counts = new Map(Array.from({ length: 20_000 }, (_, id) => [id, new Map([[id % 10, 1]])]));
    const started = performance.now();
    assignGroups({ counts: many, shares, random });
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
