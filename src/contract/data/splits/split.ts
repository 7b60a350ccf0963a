/** The rule by which samples are divided into training, validation and test data. */
import { z } from 'zod';
import { choiceField, integerField, listField, numberField, textField } from '../../fields.ts';
import { mustBe } from '../../field-words.ts';

/** The split of a sample, as it is stored and sent. */
export const SPLIT_CODE = { train: 0, validation: 1, test: 2 } as const;
/** A training sample that is a copy of a validation or test sample: part of no split. */
export const LEFT_OUT_CODE = 3;
/** By their codes. */
export const SPLIT_NAMES = ['train', 'validation', 'test', 'left-out'] as const;

/** Without a default of its own: a dataset that an earlier version split is still split as its options say. */
const copies = choiceField({
  help: 'What is drawn at random keeps samples together that are copies of each other, or nearly so. Auto: unless there are groups, which stay as they are; together: groups that share a copy are joined.',
  choices: ['auto', 'together', 'apart'],
  optional: true,
  assumed: 'auto',
});

/** Which rules there are, in words. */
const RULES =
  '{ by: folder }, { by: random, validation: 0.15, test: 0.2, seed: 1 } or { by: column, column: session, test: [3] }';

const impossibleWords = (rule: SplitShares): string | null => {
  if (rule.by === 'random') {
    const share = Math.round((rule.validation + rule.test) * 100);
    return share < 100
      ? null
      : `leaves nothing for training: validation and test together take ${share} % of the labeled samples. Make their shares smaller`;
  }
  const both = rule.by === 'column' ? rule.validation.find((value) => rule.test.includes(value)) : undefined;
  if (both === undefined) return null;
  return `gives the value “${both}” both to validation and to test. Give each value to one of them`;
};

type SplitShares =
  | { by: 'folder' }
  | { by: 'random'; validation: number; test: number }
  | { by: 'column'; validation: string[]; test: string[] };

export const splitSchema = z
  .discriminatedUnion(
    'by',
    [
      z.strictObject({
        by: z.literal('folder').describe('Top folders named train, validation (or val) and test decide.'),
        copies,
      }),
      z.strictObject({
        by: z
          .literal('column')
          .describe('Values of one column decide, for example session 3 is the test split.'),
        column: textField({ help: 'The column (from the path pattern or the label file).' }),
        validation: listField({ help: 'Values that go to validation.', of: z.string(), default: [] }),
        test: listField({
          help: 'Values that go to test; all others are training data.',
          of: z.string(),
          default: [],
        }),
        copies,
      }),
      z.strictObject({
        by: z.literal('random').describe('Drawn at random, stratified by label, groups never parted.'),
        validation: numberField({
          help: 'Share of labeled samples for validation.',
          minimum: 0,
          maximum: 0.9,
          default: 0.15,
        }),
        test: numberField({
          help: 'Share of labeled samples for test.',
          minimum: 0,
          maximum: 0.9,
          default: 0.2,
        }),
        seed: integerField({
          help: 'Seed of the draw.',
          minimum: 0,
          maximum: Number.MAX_SAFE_INTEGER,
          default: 1,
        }),
        copies,
      }),
    ],
    { error: mustBe(RULES) },
  )
  .superRefine((rule, context) => {
    const message = impossibleWords(rule);
    if (message) context.addIssue({ code: 'custom', message, input: rule });
  })
  .meta({ description: 'How samples are divided into training, validation and test.', allowed: RULES });
export type SplitRule = z.infer<typeof splitSchema>;
