import { expect, it } from 'vitest';
import { figureName, resolved } from '../../../../../renderer/lib/pictures/figure.ts';

it('puts colours of the light theme and a font into a chart', () => {
  const tokens = new Map([
    ['--accent', '#3f4cc9'],
    ['--font', "system-ui, 'Segoe UI'"],
  ]);
  expect(resolved('<g fill="var(--accent)" style="font-family: inherit; color: var(--none)">', tokens)).toBe(
    '<g fill="#3f4cc9" style="font-family: system-ui, \'Segoe UI\'; color: currentColor">',
  );
});

it('is called after what it shows', () => {
  expect(figureName('Mean test scores: Pretrained 82 %, Baseline 80 %')).toBe('mean-test-scores');
  expect(figureName('…')).toBe('figure');
});
