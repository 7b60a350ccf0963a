/** The folds of a study: dealt once, before its first run, from the groups and labels that the project then holds. */
import { PretextError } from '../../contract/errors.ts';
import type { Dataset } from '../../contract/entities.ts';
import { isSeveral } from '../../contract/data/target.ts';
import { LEFT_OUT_CODE, SPLIT_CODE } from '../../contract/data/splits/split.ts';
import { foldsWords, type FoldGroups, type Folds } from '../../contract/recipe/folds.ts';
import { finetuneDatasetOf, type Recipe } from '../../contract/recipe/recipe.ts';
import {
  countByGroup,
  dealFolds,
  foldCodes,
  withoutFoldCopies,
  type FoldParts,
} from '../../data/splits/folds.ts';
import { strataOfNumbers } from '../../data/splits/draw.ts';
import { strataOfTargets } from '../../data/splits/several-strata.ts';
import {
  readSampleArrays,
  type ReadableProject,
  type SampleArrays,
  type StoredDataset,
} from '../../project/index.ts';
import { copySetsOf } from '../datasets/copy-sets.ts';
import { exclusionsOf, groupsAt, withoutExcluded } from '../datasets/division.ts';
import { requireDataset } from '../datasets/selection.ts';
import { hashOf } from '../recipes/canonical.ts';
import { checkDataNeeds } from '../recipes/data-needs.ts';
import { datasetsOf } from '../recipes/plan.ts';

/** One trains, one validates, one is tested. */
const FEWEST_GROUPS = 3;

/** Whether a study divides samples otherwise than their import did: its data are looked at before its runs are planned. */
export const dividesAnew = ({ data }: Recipe) => data.folds !== undefined || (data.exclude ?? []).length > 0;

/**
 * None where the recipe has none. What it leaves out is looked for as well.
 *
 * @throws PretextError `exclude.unknown`, `folds.too-few-groups`, `folds.impossible`
 */
export async function dealStudyFolds(
  project: ReadableProject,
  recipe: Recipe,
  signal?: AbortSignal,
): Promise<FoldGroups[]> {
  const target = finetuneDatasetOf(recipe);
  for (const name of datasetsOf(recipe))
    if (name !== target && exclusionsOf(name, recipe.data).length > 0) {
      const stored = requireDataset(project, name);
      await withoutExcluded(project, stored, new Uint8Array(stored.dataset.sampleCount), recipe.data);
    }
  const stored = requireDataset(project, target);
  const { key, dataset, labelVersion } = stored;
  if (!dividesAnew(recipe)) return [];
  const arrays = await readSampleArrays(project, key, dataset.sampleCount, labelVersion);
  const codes = await withoutExcluded(project, stored, arrays.splits, recipe.data);
  const { folds } = recipe.data;
  return folds ? deal(project, { recipe, folds, stored, arrays, codes, ...(signal && { signal }) }) : [];
}

interface Dealing {
  recipe: Recipe;
  folds: Folds;
  stored: StoredDataset;
  arrays: SampleArrays;
  /** Of the import, without the groups that the study leaves out. */
  codes: Uint8Array;
  signal?: AbortSignal;
}

async function deal(
  project: ReadableProject,
  { recipe, folds, stored, arrays, codes, signal }: Dealing,
): Promise<FoldGroups[]> {
  const { dataset } = stored;
  const { ids, names } = await groupsAt(project, stored, folds.by);
  const strata = strataOf(dataset, arrays);
  const counts = countByGroup(codes, ids, strata);
  requireEnough(folds, dataset, counts.size);
  const dealt = dealFolds({
    counts,
    ...(folds.count !== 'each' && { parts: folds.count }),
    validation: folds.validation,
    seed: folds.seed,
  });
  const tally = tallyOf(codes, ids);
  const sets = await copySetsOf(project, stored, signal);
  const nameOf = (group: number) => names[group]!;
  return dealt.map((parts, place) => {
    requireUsable(recipe, foldView(dataset, { parts, tally, counts }), {
      number: place + 1,
      tested: [...parts.test].map(nameOf),
      by: folds.by,
    });
    const inTraining = [...tally.keys()].filter(
      (group) => !parts.test.has(group) && !parts.validation.has(group),
    );
    const groups = {
      by: folds.by,
      train: inTraining.map(nameOf),
      validation: [...parts.validation].map(nameOf),
      test: [...parts.test].map(nameOf),
    };
    const seen = withoutFoldCopies(foldCodes(codes, ids, parts), sets);
    return {
      number: place + 1,
      of: dealt.length,
      sha256: hashOf({ dataset: dataset.id, ...groups }),
      ...groups,
      trainingSamples: trainingAmong(seen.codes),
      copies: seen.copies,
    };
  });
}

function strataOf(dataset: Dataset, { classIds, numbers, targets }: SampleArrays): Int32Array {
  if (isSeveral(dataset.target) && targets) {
    const names = dataset.classes.map(({ name }) => name);
    return strataOfTargets({ names, values: targets }, dataset.target as 'labels' | 'numbers');
  }
  return dataset.target === 'number' ? strataOfNumbers(numbers) : classIds;
}

/** Samples of each group that takes part, labeled or not. */
function tallyOf(codes: Uint8Array, ids: Int32Array): Map<number, number> {
  const tally = new Map<number, number>();
  ids.forEach((group, index) => {
    if (group >= 0 && codes[index] !== LEFT_OUT_CODE) tally.set(group, (tally.get(group) ?? 0) + 1);
  });
  return tally;
}

const trainingAmong = (codes: Uint8Array): number =>
  codes.reduce((sum, code) => sum + (code === SPLIT_CODE.train ? 1 : 0), 0);

function requireEnough(folds: Folds, { name }: Dataset, groups: number): void {
  const least = folds.count === 'each' ? FEWEST_GROUPS : Math.max(FEWEST_GROUPS, folds.count);
  if (groups >= least) return;
  throw new PretextError({
    code: 'folds.too-few-groups',
    message: `“${foldsWords(folds)}” needs at least ${least} groups with labels: some train, some validate, some are tested. “${name}” has ${groups}.`,
    place: 'data.folds',
    remedy: 'Take smaller groups (by), fewer folds (count), or the split of the import.',
  });
}

interface Counted {
  parts: FoldParts;
  tally: ReadonlyMap<number, number>;
  counts: ReadonlyMap<number, ReadonlyMap<number, number>>;
}

/** The dataset as it would be if its import had divided it like this fold, for all that is asked of a dataset. */
function foldView(dataset: Dataset, { parts, tally, counts }: Counted): Dataset {
  const isIn = {
    train: (group: number) => !parts.test.has(group) && !parts.validation.has(group),
    validation: (group: number) => parts.validation.has(group),
    test: (group: number) => parts.test.has(group),
  };
  const sum = (part: keyof typeof isIn, of: (group: number) => number) =>
    [...tally.keys()].filter(isIn[part]).reduce((total, group) => total + of(group), 0);
  const labeled = (group: number) => [...(counts.get(group)?.values() ?? [])].reduce((a, b) => a + b, 0);
  const each = <Value>(of: (part: keyof typeof isIn) => Value) => ({
    train: of('train'),
    validation: of('validation'),
    test: of('test'),
  });
  const classes =
    dataset.target === 'classes'
      ? dataset.classes.map(({ name }, id) => ({
          name,
          ...each((part) => sum(part, (group) => counts.get(group)?.get(id) ?? 0)),
        }))
      : dataset.classes;
  return {
    ...dataset,
    classes,
    split: {
      ...dataset.split,
      ...each((part) => sum(part, (group) => tally.get(group)!)),
      groups: tally.size,
      trainingGroups: [...tally.keys()].filter((group) => isIn.train(group) && counts.has(group)).length,
      labeled: each((part) => sum(part, labeled)),
    },
  };
}

function requireUsable(
  recipe: Recipe,
  view: Dataset,
  { number, tested, by }: { number: number; tested: string[]; by: string },
): void {
  const [first] = checkDataNeeds(recipe, [view]);
  if (!first) return;
  throw new PretextError({
    code: 'folds.impossible',
    message: `In fold ${number}, which tests ${by} ${tested.join(', ')}: ${first.message}`,
    place: first.path.join('.') || 'data.folds',
    remedy: 'Ask for fewer labels, for larger groups (by) or fewer folds (count).',
  });
}
