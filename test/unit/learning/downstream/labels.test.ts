import { describe, expect, it } from 'vitest';
import { PretextError } from '../../../../src/contract/errors.ts';
import { selectLabels, selectNumbers } from '../../../../src/learning/downstream/labels.ts';

/** 100 of class 0, 30 of class 1, 10 of class 2, every fifth sample unlabeled. */
const classIds = Array.from({ length: 175 }, (_, i) => (i % 5 === 4 ? -1 : i < 125 ? 0 : i < 162 ? 1 : 2));
const count = (selection: number[]) =>
  [0, 1, 2].map((id) => selection.filter((i) => classIds[i] === id).length);

describe('a label budget', () => {
  it('takes so many of each class, never an unlabeled sample, none twice', () => {
    const selection = selectLabels(classIds, { perClass: 5 }, 1);
    expect(count(selection)).toEqual([5, 5, 5]);
    expect(new Set(selection).size).toBe(15);
    expect(selection.toSorted((a, b) => a - b)).toEqual(selection);
  });

  it('is nested: fewer labels are part of more', () => {
    for (const [small, large] of [
      [{ perClass: 5 }, { perClass: 10 }],
      [{ total: 12 }, { total: 40 }],
    ] as const) {
      const more = new Set(selectLabels(classIds, large, 7));
      expect(selectLabels(classIds, small, 7).every((i) => more.has(i))).toBe(true);
    }
  });

  it('depends on the seed, and on nothing else', () => {
    const draw = (seed: number) => selectLabels(classIds, { perClass: 5 }, seed).join();
    expect(draw(1)).toBe(draw(1));
    expect(new Set([draw(1), draw(2), draw(3)]).size).toBe(3);
  });

  it('in all keeps the proportions of the classes, and leaves none out', () => {
    const labeled = count(selectLabels(classIds, 'all', 1));
    const total = labeled[0]! + labeled[1]! + labeled[2]!;
    const chosen = count(selectLabels(classIds, { total: 70 }, 1));
    chosen.forEach((number, id) =>
      expect(Math.abs(number - (70 * labeled[id]!) / total)).toBeLessThanOrEqual(1),
    );
    expect(count(selectLabels(classIds, { total: 3 }, 1))).toEqual([1, 1, 1]);
  });

  it('that is a share is the same draw as the budget in all that it comes to', () => {
    const labeled = count(selectLabels(classIds, 'all', 1)).reduce((sum, one) => sum + one);
    const draw = (budget: Parameters<typeof selectLabels>[1]) => selectLabels(classIds, budget, 4);
    expect(draw({ share: 0.25 })).toEqual(draw({ total: Math.round(0.25 * labeled) }));
    expect(draw({ share: 1 })).toEqual(draw('all'));
    expect(count(draw({ share: 0.001 }))).toEqual([1, 1, 1]);
    const numbers = Array.from({ length: 50 }, (_, i) => i);
    expect(selectNumbers(numbers, { share: 0.1 }, 1)).toEqual(selectNumbers(numbers, { total: 5 }, 1));
    expect(selectNumbers(numbers, { share: 0.001 }, 1)).toHaveLength(2);
  });

  it('that cannot be met says how many labels there are', () => {
    expect(() => selectLabels(classIds, { perClass: 11 }, 1, ['a', 'b', 'rare'])).toThrow(
      /asks for 11, but rare has 10 labeled/,
    );
    expect(() => selectLabels([-1, -1], 'all', 1)).toThrow(PretextError);
  });

  it('of numbers is nested too, and cannot be per class', () => {
    const targets = Array.from({ length: 50 }, (_, i) => (i % 3 === 0 ? NaN : i));
    const more = new Set(selectNumbers(targets, { total: 20 }, 1));
    const few = selectNumbers(targets, { total: 5 }, 1);
    expect(few).toHaveLength(5);
    expect(few.every((i) => more.has(i) && i % 3 !== 0)).toBe(true);
    expect(() => selectNumbers(targets, { perClass: 5 }, 1)).toThrow(/needs classes/);
  });
});

describe('a budget of groups', () => {
  /** Six subjects with 20 samples each; subject 5 alone has class 2, subject 0 has classes 0 and 1, others one of them. */
  const groups = Array.from({ length: 120 }, (_, i) => Math.floor(i / 20));
  const ids = groups.map((group, i) =>
    i % 10 === 9 ? -1 : group === 5 ? 2 : group === 0 ? i % 2 : group % 2,
  );
  const chosen = (n: number, seed: number) => selectLabels(ids, { groups: n }, seed, [], groups);
  const subjects = (selection: number[]) => [...new Set(selection.map((i) => groups[i]!))];

  it('takes all labels of whole groups, as many as asked for', () => {
    for (const n of [1, 3, 6]) {
      const selection = chosen(n, 3);
      expect(subjects(selection)).toHaveLength(n);
      expect(selection).toHaveLength(18 * n);
      expect(selection.every((i) => ids[i]! >= 0)).toBe(true);
      expect(selection).toEqual(selection.toSorted((a, b) => a - b));
    }
  });

  it('is nested, differs by seed, and leaves out no class that groups can bring', () => {
    const draws = new Set<string>();
    for (let seed = 1; seed <= 20; seed++) {
      const [two, four] = [chosen(2, seed), new Set(chosen(4, seed))];
      expect(two.every((i) => four.has(i))).toBe(true);
      // Subject 0 brings two classes, subject 5 the third.
      expect(subjects(two).toSorted()).toEqual([0, 5]);
      draws.add(subjects(chosen(4, seed)).toSorted().join());
    }
    // Two of the other four join them: six ways.
    expect(draws.size).toBeGreaterThan(3);
    expect(draws.size).toBeLessThanOrEqual(6);
  });

  it('of numbers takes whole groups too', () => {
    const targets = groups.map((group, i) => (i % 4 === 0 ? NaN : group));
    const selection = selectNumbers(targets, { groups: 2 }, 5, groups);
    expect(subjects(selection)).toHaveLength(2);
    expect(selection).toHaveLength(30);
  });

  it('that cannot be met says how many groups there are', () => {
    expect(() => chosen(7, 1)).toThrow('asks for 7 groups, but 6 have labeled training samples');
    expect(() => selectLabels(ids, { groups: 1 }, 1)).toThrow('the samples belong to none');
  });
});

describe('a budget of groups and classes at once', () => {
  /** Five subjects with 12 labels of class 0; of class 1 subjects have 1, 2, 3, 9 and 0. */
  const groups: number[] = [];
  const ids: number[] = [];
  for (const [subject, rare] of [1, 2, 3, 9, 0].entries())
    for (const [id, count] of [12, rare].entries())
      for (let i = 0; i < count; i++) {
        groups.push(subject);
        ids.push(id);
      }
  const chosen = (count: number, perClass: number, seed: number) =>
    selectLabels(ids, { groups: count, perClass }, seed, ['rest', 'fist'], groups);
  const tally = (selection: number[], of: number[]) =>
    selection.reduce<Record<number, number>>((sum, i) => ({ ...sum, [of[i]!]: (sum[of[i]!] ?? 0) + 1 }), {});

  it('takes so many of each class, from so many groups, as evenly as they have them', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const selection = chosen(2, 10, seed);
      expect(tally(selection, ids)).toEqual({ 0: 10, 1: 10 });
      // Ten of class 1 are there in subject 3 with one other; each of the two gives half of class 0.
      const ofRest = tally(
        selection.filter((i) => ids[i] === 0),
        groups,
      );
      expect(Object.values(ofRest)).toEqual([5, 5]);
      expect(Object.keys(ofRest)).toContain('3');
      expect(Object.keys(ofRest)).not.toContain('4');
      expect(selection).toEqual(selection.toSorted((a, b) => a - b));
    }
  });

  it('is nested by labels within its groups, and by groups at the same number of labels', () => {
    const all = new Set(chosen(5, 9, 4));
    expect(all.size).toBe(18);
    expect(new Set(chosen(3, 4, 4).map((i) => groups[i]!)).size).toBeLessThanOrEqual(3);
    const of = (count: number) => new Set(chosen(count, 9, 4).map((i) => groups[i]!));
    expect([...of(2)].every((group) => of(4).has(group))).toBe(true);
    const alike = groups.map((group) => group % 2);
    const draw = (perClass: number) => selectLabels(ids, { groups: 2, perClass }, 4, [], alike);
    expect(draw(3).every((i) => draw(6).includes(i))).toBe(true);
  });

  it('that cannot be met says of which class there are too few', () => {
    expect(() => chosen(1, 10, 1)).toThrow(
      'asks for 10 of each class from 1 group, but the groups that were drawn have 9 labeled training samples of “fist”',
    );
    expect(() => chosen(6, 1, 1)).toThrow('asks for 6 groups, but 5 have');
    expect(() => selectNumbers(ids, { groups: 1, perClass: 1 }, 1, groups)).toThrow('needs classes');
  });
});
