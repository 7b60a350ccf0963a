import { expect, it } from 'vitest';
import { z } from 'zod';
import {
  choiceWords,
  issueWords,
  listWords,
  mustBe,
  rangeWords,
  textWords,
  unknownFieldWords,
  wordsOfType,
} from '../../../src/contract/field-words.ts';

it.each([
  [{ minimum: 8, maximum: 4096 }, ' from 8 to 4096'],
  [{ minimum: 0, maximum: 10, open: true }, ' above 0 and at most 10'],
  [{ minimum: 0, maximum: Infinity, open: true }, ' above 0'],
  [{ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }, ' of at least 1'],
  [{ minimum: -Infinity, maximum: 5 }, ' of at most 5'],
  [{ minimum: -Infinity, maximum: Infinity }, ''],
])('says the range of %o', (range, words) => {
  expect(rangeWords(range)).toBe(words);
});

it('says what lists, choices and texts allow', () => {
  expect(listWords({ minimum: 0 }, 'text')).toBe('a list, each text');
  expect(listWords({ minimum: 1 }, 'text')).toBe('a list of at least 1, each text');
  expect(listWords({ minimum: 2, maximum: 3 }, 'a number')).toBe('a list of 2 to 3, each a number');
  expect(choiceWords(['a'])).toBe('a');
  expect(choiceWords(['a', 'b'])).toBe('one of a, b');
  expect([textWords(), textWords(9)]).toEqual(['text', 'text of at most 9 characters']);
  expect([wordsOfType('int'), wordsOfType('whatever')]).toEqual(['a whole number', 'a value']);
});

it('says what was found, or that nothing was', () => {
  expect(mustBe('a number')({ input: 'x' })).toBe('must be a number. Found: "x".');
  expect(mustBe('a number')({})).toBe('is missing. It must be a number.');
});

it('guesses what a field was meant to be, and lists all where nothing is near', () => {
  expect(unknownFieldWords('widht', ['width', 'depth'])).toBe(
    '`widht` is not a field here. Did you mean `width`?',
  );
  expect(unknownFieldWords('colour', ['width', 'depth'])).toBe(
    '`colour` is not a field here. Fields here: width, depth.',
  );
});

it('words what zod finds wrong, also fields that an object does not have', () => {
  const schema = z.strictObject({ width: z.int(), kind: z.enum(['a', 'b']) });
  const wordsFor = (value: unknown) =>
    schema.safeParse(value, { error: issueWords }).error!.issues.map(({ message }) => message);
  expect(wordsFor({ width: 1.5, kind: 'c' })).toEqual([
    'must be a whole number. Found: 1.5.',
    'must be one of a, b. Found: "c".',
  ]);
  expect(wordsFor({ width: 1, kind: 'a', widht: 2 })).toEqual([
    '`widht` is not a field here. Did you mean `width`?',
  ]);
});
