import { expect, test } from 'vitest';
import { reasonWords } from '../../../../src/contract/data/issue-words.ts';

test('reasons are words, whether or not somebody wrote some for them', () => {
  expect(reasonWords('no-window')).toBe('no window fits');
  expect(reasonWords('axes-unclear')).toBe('axes unclear');
  expect(reasonWords('broken')).toBe('broken');
});
