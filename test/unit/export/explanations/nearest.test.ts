import { expect, it } from 'vitest';
import { drawNearest } from '../../../../src/export/explanations/nearest.ts';

const nearest = [
  { sample: 3, label: 'rest', likeness: 0.973 },
  { sample: 9, label: null, likeness: 0.5 },
];

it('draws pictures or traces side by side, with label and likeness', () => {
  const traces = { kind: 'signal' as const, channels: [[0, 1, 0]] };
  const svg = drawNearest(nearest, [{ kind: 'image', width: 1, height: 1, png: 'data:,' }, traces])!;
  for (const text of ['<image', '<polyline', 'rest', 'likeness 0.97', 'unlabeled'])
    expect(svg).toContain(text);
});

it('draws nothing where nobody has pictures, or where rows say more by their numbers', () => {
  expect(drawNearest(nearest, [])).toBeNull();
  expect(drawNearest(nearest, [{ kind: 'row', cells: [] }])).toBeNull();
});
