import { expect, it } from 'vitest';
import { mentionFields } from '../../../src/contract/field-mentions.ts';

it('says the fields of an import in other words, and leaves words that are none', () => {
  const words = new Map([
    ['sheet', '“Sheet”'],
    ['windowLength', '“Window length”'],
  ]);
  const said = (text: string) => mentionFields(text, words);
  expect(said('Say which (options.sheet).')).toBe('Say which (“Sheet”).');
  expect(said('Name it (sheet: one).')).toBe('Name it (“Sheet”: one).');
  expect(said('Make it shorter (windowLength at most 3).')).toBe(
    'Make it shorter (“Window length” at most 3).',
  );
  expect(said('A sheet of a.sheet stays.')).toBe('A sheet of a.sheet stays.');
});
