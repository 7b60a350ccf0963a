import { expect, it } from 'vitest';
import { reachWords } from '../../../../src/contract/recipe/reach.ts';

it('says how far an encoder looks, in points and seconds, and whether that is the window', () => {
  expect(reachWords({ points: 192, whole: 128, samplingRate: 200 })).toBe(
    'A place of the encoder’s last maps looks at 192 points (0.96 s): over the whole window of 128 points (0.64 s).',
  );
  expect(reachWords({ points: 95, whole: 600, samplingRate: null })).toBe(
    'A place of the encoder’s last maps looks at 95 points of the window’s 600 points; what lies further apart meets only in their mean. More stages look further.',
  );
});
