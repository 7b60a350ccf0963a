/**
 * How a study divides the samples of a dataset: as the import did, without the groups that the study leaves out, and in
 * the fold of a run by the groups of that fold.
 */
import { describeColumns, openShard } from '../../data/index.ts';
import { statisticsOfColumns } from '../../contract/data/columns.ts';
import { LEFT_OUT_CODE } from '../../contract/data/splits/split.ts';
import { PretextError } from '../../contract/errors.ts';
import type { DatasetSelection } from '../../contract/messages/dataset-selection.ts';
import { OWN_GROUPS, type FoldGroups } from '../../contract/recipe/folds.ts';
import { finetuneDatasetOf, type Recipe } from '../../contract/recipe/recipe.ts';
import { foldCodes, withoutFoldCopies } from '../../data/splits/folds.ts';
import { copySetsOf } from './copy-sets.ts';
import {
  readGroups,
  type ReadableProject,
  type SampleGroups,
  type StoredDataset,
} from '../../project/index.ts';
import { trainingOffsets, trainingStatistics } from './kept-statistics.ts';

/** A study's own way to divide; without a fold and without groups to leave out it is the import's. */
export interface Division {
  data: Recipe['data'];
  fold: FoldGroups | null;
}

/** What the groups of a dataset are taken by: those of the folds where they are of this dataset. */
export const levelOf = (name: string, { data, fold }: Division): string =>
  fold && name === finetuneDatasetOf({ data }) ? fold.by : OWN_GROUPS;

/** The groups that the study leaves out of a dataset. */
export const exclusionsOf = (name: string, data: Recipe['data']) =>
  (data.exclude ?? []).filter(({ dataset = finetuneDatasetOf({ data }) }) => dataset === name);

/** The codes of the import where nothing is divided anew. @throws PretextError `exclude.unknown` */
export async function divideSamples(
  project: ReadableProject,
  stored: StoredDataset,
  imported: Uint8Array<ArrayBuffer>,
  division: Division,
): Promise<Uint8Array<ArrayBuffer>> {
  const { name } = stored.dataset;
  const codes = await withoutExcluded(project, stored, imported, division.data);
  const { fold } = division;
  if (!fold || name !== finetuneDatasetOf(division)) return codes;
  const { ids, names } = await groupsAt(project, stored, fold.by);
  const numbers = new Map(names.map((group, number) => [group, number]));
  const numbersOf = (groups: readonly string[]) =>
    new Set(groups.flatMap((group) => numbers.get(group) ?? []));
  const parts = { validation: numbersOf(fold.validation), test: numbersOf(fold.test) };
  const divided = foldCodes(codes, ids, parts);
  // Folds of earlier versions say nothing of copies, and are seen as they always were.
  if (!fold.copies || fold.copies.leftOut === 0) return divided;
  return withoutFoldCopies(divided, await copySetsOf(project, stored)).codes;
}

export const groupsAt = (project: ReadableProject, { key, dataset }: StoredDataset, level: string) =>
  readGroups(project, key, dataset.sampleCount, level);

export async function withoutExcluded(
  project: ReadableProject,
  stored: StoredDataset,
  imported: Uint8Array<ArrayBuffer>,
  data: Recipe['data'],
): Promise<Uint8Array<ArrayBuffer>> {
  let codes = imported;
  for (const { by, groups } of exclusionsOf(stored.dataset.name, data)) {
    const found = await groupsAt(project, stored, by);
    const out = new Set(groups.map((group) => numberOf(stored, by, group, found)));
    codes = codes.map((code, index) => (out.has(found.ids[index]!) ? LEFT_OUT_CODE : code));
  }
  return codes;
}

function numberOf({ dataset }: StoredDataset, by: string, group: string, { names }: SampleGroups): number {
  const number = names.indexOf(group);
  if (number >= 0) return number;
  const SHOWN = 12;
  throw new PretextError({
    code: 'exclude.unknown',
    message: `No ${by} of “${dataset.name}” is named “${group}”, so it cannot be left out. Found: ${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ', …' : ''}.`,
    place: 'data.exclude',
    remedy: 'Use names that occur.',
  });
}

/** Mean and deviation of channels, and what columns hold, on the training samples of this division alone. */
export async function measuredOnTraining(
  selection: DatasetSelection,
  signal?: AbortSignal,
): Promise<Pick<DatasetSelection, 'channelStatistics' | 'about'>> {
  const { shard, name, about } = selection;
  if (!about?.columns)
    return { ...(about && { about }), channelStatistics: await trainingStatistics(selection, signal) };
  const reader = await openShard(shard, name);
  try {
    const columns = await describeColumns(reader, trainingOffsets(selection), about.columns, signal);
    return { about: { ...about, columns }, channelStatistics: statisticsOfColumns(columns) };
  } finally {
    await reader.close();
  }
}
