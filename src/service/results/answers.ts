/** What the models of a study answered on test samples, as they were kept: for one seed after the other, in columns. */
import { z } from 'zod';
import type { Run, Study } from '../../contract/entities.ts';
import { PretextError } from '../../contract/errors.ts';
import {
  answersFile,
  getDataset,
  levelReader,
  readTensorColumns,
  type ReadableProject,
  type StoredAnswers,
  type StoredDataset,
} from '../../project/index.ts';
import { budgetWords } from '../../contract/words.ts';
import { OWN_GROUPS } from '../../contract/recipe/folds.ts';
import { finetuneDatasetOf } from '../../contract/recipe/recipe.ts';
import type { SeveralAnswers } from '../../learning/evaluation/metrics/several.ts';
import { factsOf } from '../datasets/facts.ts';

/** One row for each labeled test sample, with the labels that the study used. */
export interface AnswerColumns {
  /** Places in the dataset. */
  samples: Int32Array;
  /** Class ids, or numbers where `classNames` is null. */
  targets: ArrayLike<number>;
  answers: ArrayLike<number>;
  /** How sure the model was of its answer; null for numbers. */
  probabilities: Float32Array | null;
  /** How likely it took the truth to be; null for numbers, and in files of older versions. */
  truthProbabilities: Float32Array | null;
  /** Numbers of groups, -1 for none; null where there are no groups. */
  groups: Int32Array | null;
  /** How much each sample counts; null where all count alike. */
  weights: Float32Array | null;
  /** By class id, or of several labels or numbers; null for numbers. */
  classNames: readonly string[] | null;
  /** Several labels or numbers, row by row; the other columns of answers are empty then. */
  several: SeveralAnswers | null;
}

const namesSchema = z.array(z.string());
const severalSchema = z.enum(['labels', 'numbers']);

export async function readAnswers(
  project: ReadableProject,
  { file, sha256 }: StoredAnswers,
): Promise<AnswerColumns> {
  const path = answersFile(project.folder, file);
  const { columns, notes } = await readTensorColumns(path, sha256);
  const ints = (name: string) => (columns[name] instanceof Int32Array ? columns[name] : null);
  const floats = (name: string) => (columns[name] instanceof Float32Array ? columns[name] : null);
  const samples = ints('sample');
  const classNames = () => namesSchema.parse(JSON.parse(notes['classNames'] ?? '[]'));
  const severalTargets = floats('targets');
  const weights = floats('weight');
  if (samples && severalTargets) {
    const [names, given] = [classNames(), floats('answers')];
    if (severalTargets.length === samples.length * names.length && given?.length === severalTargets.length)
      return {
        samples,
        targets: [],
        answers: [],
        probabilities: null,
        truthProbabilities: null,
        groups: ints('group'),
        weights,
        classNames: names,
        several: {
          target: severalSchema.parse(JSON.parse(notes['target'] ?? 'null')),
          width: names.length,
          truths: severalTargets,
          answers: given,
          ...(weights && { weights }),
        },
      };
  }
  const [targets, answers] = [columns['target'], columns['answer']];
  if (!samples || targets?.length !== samples.length || answers?.length !== samples.length)
    throw new PretextError({
      code: 'answers.broken',
      message: 'The file of answers on test samples lacks a column.',
      place: path,
      remedy: 'Put it back from a backup. Scores and intervals do not need it.',
    });
  const isClasses = targets instanceof Int32Array;
  return {
    samples,
    targets,
    answers,
    probabilities: floats('probability'),
    truthProbabilities: floats('target_probability'),
    groups: ints('group'),
    weights,
    classNames: isClasses ? classNames() : null,
    several: null,
  };
}

/**
 * A dataset that a study was tested on, whatever its name is now; null where it is gone, also where another has taken
 * its name.
 *
 * @param name by which the recipe knows it
 */
export function testedDataset(project: ReadableProject, study: Study, name: string): StoredDataset | null {
  const known = factsOf(project, study).dataset(name);
  if (!known) return null;
  try {
    const stored = getDataset(project, known.id);
    return stored.removedAt === null ? stored : null;
  } catch (thrown) {
    if (thrown instanceof PretextError && thrown.failure.code === 'dataset.missing') return null;
    throw thrown;
  }
}

/**
 * Names of the groups that rows belong to, by their numbers: a look at one sample for each group.
 *
 * @param level what the groups are taken by: those of the folds, where the study has some
 */
export function groupNames(
  project: ReadableProject,
  { key }: StoredDataset,
  { samples, groups }: Pick<AnswerColumns, 'samples' | 'groups'>,
  level: string,
): Map<number, string> {
  const names = new Map<number, string>();
  const query = project
    .prepare('SELECT group_name FROM samples WHERE dataset_key = ? AND position = ?')
    .pluck();
  const valueOf = levelReader(project, key, level);
  groups?.forEach((group, row) => {
    if (group < 0 || names.has(group)) return;
    const own = query.get(key, samples[row]!) as string | null;
    names.set(group, (own === null ? undefined : valueOf(own)) ?? String(group));
  });
  return names;
}

/** What the groups of a study's answers on a dataset are: folds divide the first. */
export const levelTested = ({ recipe }: Study, dataset: string): string =>
  (dataset === finetuneDatasetOf(recipe) && recipe.data.folds?.by) || OWN_GROUPS;

export function noAnswers({ name }: Study, what: string, runs: readonly Run[]): PretextError {
  const there = [
    ...new Set(runs.map(({ arm, budget }) => (budget ? `${arm} with ${budgetWords(budget)}` : arm!))),
  ];
  return new PretextError({
    code: 'answers.none',
    message: `The study “${name}” has kept no answers of ${what}.`,
    place: name,
    remedy:
      there.length > 0
        ? `It has results of ${there.join(', ')}. Runs of versions before answers were kept have none: run the study anew.`
        : 'Wait until its first fine-tuning run is done.',
  });
}
