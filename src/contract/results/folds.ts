/** The folds of a study: who trained, validated and was tested in each, what each scored, and that nobody did two of these. */
import { z } from 'zod';
import { seenPartsSchema } from '../data/splits/seen-parts.ts';
import { foldCopiesSchema } from '../recipe/folds.ts';
import type { Arm } from '../recipe/arms.ts';
import { sameBudget } from '../recipe/label-budget.ts';
import type { LabelBudget } from '../recipe/recipe.ts';
import { asGain, type MetricName } from './metric.ts';

const groupsSchema = z.object({ groups: z.number().int(), names: z.array(z.string()).optional() });

export const studyFoldsSchema = z.object({
  /** What groups are: group, or a column that they come from. */
  by: z.string(),
  /** "leave one participant out", "5 folds by participant". */
  words: z.string(),
  folds: z.array(
    z.object({
      number: z.number().int(),
      train: groupsSchema,
      validation: groupsSchema,
      test: groupsSchema,
      /** SHA-256 of who is what, as it was dealt before the first run. */
      sha256: z.string(),
      /** Samples as its runs counted them; null until one has begun. */
      samples: z
        .object({ train: z.number().int(), validation: z.number().int(), test: z.number().int() })
        .nullable(),
      /** Pretraining and training were given the same parts, and no group stands in two; null until a run has begun. */
      disjoint: z.literal(true).nullable(),
      copies: foldCopiesSchema.optional(),
    }),
  ),
});
export type StudyFolds = z.infer<typeof studyFoldsSchema>;
export type StudyFold = StudyFolds['folds'][number];

/** What runs saw of a dataset: those that saw the same are one entry. */
export const proofSchema = seenPartsSchema.extend({ runs: z.array(z.string()) });
export type Proof = z.infer<typeof proofSchema>;

/** What is read of the rows of a result. */
interface Measured {
  arm: Arm;
  budget?: LabelBudget | undefined;
  fold?: number | undefined;
  test: number;
}

export interface FoldScores extends StudyFold {
  /** Means over the seeds of the fold. */
  arms: Partial<Record<Arm, number>>;
  /** How much better pretrained is than baseline: positive is better. Null without both. */
  difference: number | null;
}

/** What each fold scored at one label budget, in the order of the folds. */
export function foldScores(
  { folds, results }: { folds?: StudyFolds | undefined; results: readonly Measured[] },
  row: { budget?: LabelBudget | undefined; metric: MetricName },
): FoldScores[] {
  return (folds?.folds ?? []).map((fold) => {
    const own = results.filter((one) => one.fold === fold.number && sameBudget(one.budget, row.budget));
    const arms: FoldScores['arms'] = {};
    for (const arm of new Set(own.map((one) => one.arm))) {
      const scores = own.filter((one) => one.arm === arm).map(({ test }) => test);
      arms[arm] = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    }
    const { pretrained, baseline } = arms;
    const both = pretrained !== undefined && baseline !== undefined;
    const difference = both ? asGain(row.metric, pretrained) - asGain(row.metric, baseline) : null;
    return { ...fold, arms, difference };
  });
}

/** "participant 3", "participants 3 and 5", "12 participants". */
export function testedWords({ test }: Pick<StudyFold, 'test'>, by: string): string {
  const { groups, names = [] } = test;
  const SHOWN = 4;
  if (names.length === 0 || names.length > SHOWN) return `${groups} ${by}s`;
  return names.length === 1
    ? `${by} ${names[0]}`
    : `${by}s ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** How the folds were made, and whether it was counted that nobody stands in two parts. */
export function foldsSentence({ words, folds }: Pick<StudyFolds, 'words' | 'folds'>): string {
  const counted = folds.every(({ disjoint }) => disjoint !== null)
    ? 'No group stands in two of training (with pretraining), validation and test data of a fold; this was counted in every run.'
    : 'Not every fold has begun.';
  return `${words[0]!.toUpperCase()}${words.slice(1)}: every fold was pretrained and trained without the groups it is tested on. Means over the seeds of the fold. ${counted} ${foldCopiesSentence(folds)}`;
}

/** What became of training samples that are copies of held-out ones. */
export function foldCopiesSentence(folds: readonly Pick<StudyFold, 'copies'>[]): string {
  if (folds.some(({ copies }) => copies === undefined))
    return 'Nobody has looked for copies of held-out samples among the training samples of folds.';
  const sum = (of: 'leftOut' | 'heldOut') => folds.reduce((all, { copies }) => all + copies![of], 0);
  const leftOut = sum('leftOut');
  if (leftOut === 0) return 'No training sample of a fold is a copy, or nearly so, of a held-out one.';
  return `Over all folds ${leftOut} training ${leftOut === 1 ? 'sample was' : 'samples were'} left out: copies, or nearly so, of ${sum('heldOut')} held-out ones.`;
}
