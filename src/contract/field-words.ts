/** What a field allows and what was found instead, in words: once for errors, forms, help and docs. */
import type { z } from 'zod';
import { nearest } from './suggest.ts';

/** What to do about a field that is wrong, where its message says no more. */
export const CORRECT_FIELD = 'Correct this field.';
export const CORRECT_IN_RECIPE = 'Correct it in the recipe.';

/** “ from 8 to 4096”, “ above 0 and at most 10”; nothing where any number will do. */
export function rangeWords({
  minimum,
  maximum,
  open = false,
}: {
  minimum: number;
  maximum: number;
  open?: boolean | undefined;
}): string {
  const low = Math.abs(minimum) < Number.MAX_SAFE_INTEGER;
  const high = Math.abs(maximum) < Number.MAX_SAFE_INTEGER;
  if (open && low) return high ? ` above ${minimum} and at most ${maximum}` : ` above ${minimum}`;
  if (low) return high ? ` from ${minimum} to ${maximum}` : ` of at least ${minimum}`;
  return high ? ` of at most ${maximum}` : '';
}

export const choiceWords = (choices: readonly string[]): string =>
  choices.length === 1 ? choices[0]! : `one of ${choices.join(', ')}`;

export const textWords = (maximum?: number): string =>
  maximum === undefined ? 'text' : `text of at most ${maximum} characters`;

/** “a list of at least 1, each text”. */
export function listWords(
  { minimum, maximum }: { minimum: number; maximum?: number | undefined },
  each: string,
): string {
  if (maximum !== undefined) return `a list of ${minimum} to ${maximum}, each ${each}`;
  return minimum === 0 ? `a list, each ${each}` : `a list of at least ${minimum}, each ${each}`;
}

export const valueWords = {
  boolean: 'true or false',
  object: 'fields with values',
  record: 'names with values',
  any: 'a value',
} as const;

/** “must be true or false. Found: 3.”, behind the name of a field; zod asks for it where a value is wrong. */
export const mustBe =
  (allowed: string) =>
  ({ input }: { input?: unknown }): string =>
    input === undefined
      ? `is missing. It must be ${allowed}.`
      : `must be ${allowed}. Found: ${JSON.stringify(input)}.`;

const TYPES: Record<string, string> = {
  boolean: valueWords.boolean,
  number: 'a number',
  int: 'a whole number',
  string: 'text',
  array: 'a list',
  object: valueWords.object,
  record: valueWords.record,
};

/** What values of one of zod's types are called. */
export const wordsOfType = (type: string): string => TYPES[type] ?? valueWords.any;

/** The words for what no field has words of its own for, given to zod with what is checked. */
export function issueWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return mustBe(wordsOfType(issue.expected))(issue);
    case 'invalid_value':
      return mustBe(choiceWords(issue.values.map(String)))(issue);
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownFieldWords(key, fieldNames(issue.inst))).join(' ');
    default:
      return undefined;
  }
}

/** “`widht` is not a field here. Did you mean `width`?” */
export function unknownFieldWords(name: string, known: readonly string[]): string {
  const guess = nearest(name, known);
  const hint = guess ? `Did you mean \`${guess}\`?` : `Fields here: ${known.join(', ')}.`;
  return `\`${name}\` is not a field here. ${hint}`;
}

/** Of an object's schema, as zod names it in an issue. */
export const fieldNames = (object: unknown): string[] =>
  Object.keys((object as { shape?: object } | undefined)?.shape ?? {});
