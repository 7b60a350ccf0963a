import { describe, expect, it } from 'vitest';
import type { LabelCount, LabelWorth } from '../../../../src/contract/results/result.ts';
import {
  isCertain,
  roundLabels,
  tellingPoint,
  uncountedLabels,
  worthSentence,
} from '../../../../src/contract/results/label-worth.ts';

const about = (labels: number): LabelCount => ({ labels, is: 'about' });
const more = (labels: number): LabelCount => ({ labels, is: 'more-than' });
const fewer = (labels: number): LabelCount => ({ labels, is: 'fewer-than' });

function point(labels: number, worth: LabelCount, low?: LabelCount, high?: LabelCount): LabelWorth {
  const interval = low && high ? { low, high } : null;
  const rest = { labelsPerClass: null, budget: { total: labels }, score: 0.8 };
  return { arm: 'pretrained', labels, worth, interval, ...rest };
}

describe('what pretraining is worth, in words', () => {
  it('names both numbers and the interval', () => {
    expect(worthSentence(point(40, about(131.4), about(88.2), about(190.9)))).toBe(
      '40 labels do what 130 did from scratch, 95 % interval 88 to 190.',
    );
  });

  it('does not go beyond what was tried', () => {
    expect(worthSentence(point(40, more(200), about(150), more(200)))).toBe(
      '40 labels do more than 200 did from scratch, the most that were tried, 95 % interval 150 to more than 200.',
    );
    expect(worthSentence(point(1, fewer(2), fewer(2), fewer(2)))).toBe(
      '1 label does less than 2 did from scratch, the fewest that were tried, 95 % interval fewer than 2: no clear saving.',
    );
  });

  it('compares the same labels where nothing else was tried on that side', () => {
    expect(worthSentence(point(15, fewer(15)))).toMatch(
      /^15 labels do worse after pretraining than from scratch, with the fewest that were tried;/,
    );
    expect(worthSentence(point(200, more(200), more(200), more(200)))).toMatch(
      /^200 labels do better after pretraining than from scratch, with the most that were tried;/,
    );
  });

  it('says which labels are not counted', () => {
    const split = { by: 'folder', train: 80, validation: 1200, test: 10, disjoint: true as const };
    expect(uncountedLabels({ split })).toContain('up to 1,200 validation samples');
    expect(uncountedLabels({ split: { ...split, validation: 0 } })).toBeNull();
  });

  it('claims nothing where the interval holds the number itself, and asks for seeds where there is none', () => {
    expect(worthSentence(point(40, about(60), about(30), more(200)))).toContain(': no clear saving.');
    expect(worthSentence(point(40, about(60)))).toContain('three seeds');
    expect(isCertain(point(40, about(20), about(10), about(30)))).toBe(true);
    expect(isCertain(point(200, more(200), more(200), more(200)))).toBe(true);
    expect(isCertain(point(200, more(200), about(190), more(200)))).toBe(false);
  });

  it('rounds to two digits', () => {
    expect([0.4, 7.6, 99, 131, 1284].map(roundLabels)).toEqual([1, 8, 99, 130, 1300]);
  });

  it('is told by the fewest labels with a certain saving, else by the fewest labels', () => {
    const points = [
      point(10, about(40), about(5), about(80)),
      point(20, about(60), about(30), about(90)),
      point(40, about(60), about(50), about(90)),
    ];
    const told = (some: LabelWorth[]) =>
      tellingPoint({ labelEfficiency: { baseline: [], seeds: 5, points: some } })?.labels;
    expect(told(points)).toBe(20);
    expect(told(points.slice(0, 1))).toBe(10);
    expect(told([])).toBeUndefined();
  });
});
