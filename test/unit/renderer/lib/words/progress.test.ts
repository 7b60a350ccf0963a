import { expect, it } from 'vitest';
import { doneWords } from '../../../../../renderer/lib/words/progress.ts';

it('says how far it is, how fast, and how long it takes, once that can be told', () => {
  expect(doneWords({ done: 0, total: 1480 }, 10)).toBe('0 of 1,480');
  expect(doneWords({ done: 120, total: 1480 }, 0.5)).toBe('120 of 1,480');
  expect(doneWords({ done: 120, total: 1480 }, 10)).toBe('120 of 1,480, 12 a second, 2 min left');
  expect(doneWords({ done: 3, total: 5 }, 10)).toBe('3 of 5, 0.3 a second, 10 s left');
  expect(doneWords({ done: 5, total: 5 }, 10)).toBe('5 of 5');
});
