import { describe, expect, it } from 'vitest';
import { epochsOfRound, ranked, survivors } from '../../../../src/service/tournament/halving.ts';

const named = (scores: Record<string, number[] | null>) =>
  Object.entries(scores).map(([name, list]) => ({ name, scores: list }));
const names = (list: readonly { name: string }[]) => list.map(({ name }) => name).join('');

describe('successive halving', () => {
  it('ranks by the mean over seeds, failures last', () => {
    expect(names(ranked(named({ a: [0.5, 0.7], b: null, c: [0.65, 0.65], d: [0.9, 0.1] })))).toBe('cadb');
  });

  it('keeps the share, rounded up, at least two, and nobody who failed', () => {
    const eight = named(Object.fromEntries([...'abcdefgh'].map((name, i) => [name, [1 - i / 10]])));
    expect(names(survivors(eight, 0.5))).toBe('abcd');
    expect(names(survivors(eight, 0.3))).toBe('abc');
    expect(names(survivors(eight.slice(0, 3), 0.1))).toBe('ab');
    expect(names(survivors(named({ a: null, b: [0.1], c: [0.2] }), 0.5))).toBe('cb');
    expect(names(survivors(named({ a: [0.1] }), 0.5))).toBe('a');
  });

  it('gives each round the same compute in all', () => {
    const plan = { epochs: 2, keep: 0.5 };
    const epochs = [1, 2, 3].map((round) => epochsOfRound(plan, round, null)('any'));
    expect(epochs).toEqual([2, 4, 8]);
    expect([8, 4, 2].map((candidates, i) => candidates * epochs[i]!)).toEqual([16, 16, 16]);
  });

  it('gives each candidate the same time where it knows what an epoch costs', () => {
    const costs = new Map([
      ['slow', 40],
      ['middle', 20],
      ['quick', 10],
    ]);
    const epochs = epochsOfRound({ epochs: 6, keep: 0.5 }, 1, costs);
    expect(['slow', 'middle', 'quick'].map((name) => epochs(name) * costs.get(name)!)).toEqual([
      120, 120, 120,
    ]);
    expect(epochs('unknown')).toBe(6);
    expect(epochsOfRound({ epochs: 1, keep: 0.5 }, 1, costs)('slow')).toBe(1);
  });
});
