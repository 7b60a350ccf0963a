import { expect, test } from 'vitest';
import { laterWords, workWords } from '../../../../src/contract/messages/work-words.ts';

test('names what goes on, and nothing where nothing does', () => {
  expect(workWords({ running: 0, waiting: 0, imports: 0 })).toBe('');
  expect(workWords({ running: 1, waiting: 0, imports: 0 })).toBe('1 run that trains');
  expect(workWords({ running: 1, waiting: 3, imports: 1 })).toBe(
    '1 run that trains, 3 runs that wait and 1 import',
  );
});

test('says what becomes of each kind of work', () => {
  expect(laterWords({ running: 0, waiting: 2, imports: 0 })).toBe(
    'Nothing is lost: it goes on when the project is opened again.',
  );
  expect(laterWords({ running: 1, waiting: 0, imports: 1 })).toMatch(
    /last checkpoint\. An import begins anew\.$/,
  );
});
