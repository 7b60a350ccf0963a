/**
 * Folds: groups of samples (subjects, sessions, sites) are left out in turn, so that each is tested on once by a model
 * that has seen none of it, in pretraining neither. And groups that a study leaves out altogether.
 */
import { z } from 'zod';
import { asField, integerField, listField, numberField, textField, unionField } from '../fields.ts';

/** The groups of a dataset as its import has them, whatever columns they come from. */
export const OWN_GROUPS = 'group';

const level = (help: string) => textField({ help, minimum: 1, default: OWN_GROUPS });

export const foldsSchema = z.strictObject({
  by: level(
    'What is held out as a whole: the groups of the dataset (group), or one of the columns that they come from, for example participant.',
  ),
  count: unionField({
    help: 'How many folds: each group is left out and tested on once, or groups are dealt into so many parts with like shares of every class.',
    allowed: 'each, or a whole number from 2 to 100',
    forms: [z.literal('each'), integerField({ help: 'Parts.', minimum: 2, maximum: 100 })],
    default: 'each',
  }),
  validation: numberField({
    help: 'Share of the labels of all other groups that validate, in whole groups, one at least.',
    minimum: 0,
    open: true,
    maximum: 0.5,
    default: 0.2,
  }),
  seed: integerField({
    help: 'Seed of dealing groups into parts, and of which of them validate.',
    minimum: 0,
    maximum: 2_147_483_647,
    default: 1,
  }),
});
export type Folds = z.infer<typeof foldsSchema>;

export const exclusionSchema = z.strictObject({
  dataset: textField({ help: 'Which dataset. Default: the one that is fine-tuned.', optional: true }),
  by: level(
    'What the names are of: the groups of the dataset (group), or one of the columns they come from.',
  ),
  groups: listField({ help: 'Their names.', of: z.string(), minimum: 1 }),
});
export type Exclusion = z.infer<typeof exclusionSchema>;

/** The fields of a recipe's data that divide samples otherwise than the import did. */
export const divisionFields = {
  folds: asField(foldsSchema, {
    help: 'Tests on every group of the fine-tuning dataset in turn, in place of the split of its import: for each fold, pretraining, training and tests of their own. Left out: the split of the import.',
    optional: true,
  }),
  exclude: listField({
    help: 'Groups (subjects, sessions, sites) that the study leaves out: no part of it sees them.',
    of: exclusionSchema,
    allowed: 'a list such as [{ by: participant, groups: [P3] }]',
    optional: true,
  }),
};

/** Which fold a run is of; its groups are kept with the study, and must have this hash. */
export const foldOfRunSchema = z.object({
  number: z.number().int().min(1),
  of: z.number().int().min(2),
  /** SHA-256 of the groups of each part. */
  sha256: z.string(),
});
export type FoldOfRun = z.infer<typeof foldOfRunSchema>;

export const foldCopiesSchema = z.object({
  /** Training samples of the fold that are copies, or nearly so, of validation or test samples of it. */
  leftOut: z.number().int(),
  /** Validation and test samples that they are copies of. */
  heldOut: z.number().int(),
});
export type FoldCopies = z.infer<typeof foldCopiesSchema>;

/** Which groups are what in one fold, by their names. */
export const foldGroupsSchema = foldOfRunSchema.extend({
  by: z.string(),
  train: z.array(z.string()),
  validation: z.array(z.string()),
  test: z.array(z.string()),
  /** Samples that train, without copies that are left out; left out: an earlier version dealt the fold. */
  trainingSamples: z.number().int().optional(),
  /** Training samples that are left out, as they are copies of held-out ones; left out: nobody looked for any. */
  copies: foldCopiesSchema.optional(),
});
export type FoldGroups = z.infer<typeof foldGroupsSchema>;

/** How many folds so many groups make. */
export const foldCount = ({ count }: Pick<Folds, 'count'>, groups: number): number =>
  count === 'each' ? groups : Math.min(count, groups);

/** "Leave one participant out", "5 folds by participant". */
export function foldsWords({ by, count }: Pick<Folds, 'by' | 'count'>): string {
  return count === 'each' ? `leave one ${by} out` : `${count} folds by ${by}`;
}
