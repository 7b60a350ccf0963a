/** The data of a run: its datasets as the study holds them, in their common shape, without what it must not see. */
import { createHash } from 'node:crypto';
import type { SampleDescription } from '../../contract/data/sample-description.ts';
import type { DatasetContent, DatasetSelection } from '../../contract/messages/dataset-selection.ts';
import { finetuneDatasetOf } from '../../contract/recipe/recipe.ts';
import { sparedBy, type RunConfig } from '../../contract/recipe/run-config.ts';
import type { SeenParts } from '../../contract/data/splits/seen-parts.ts';
import { PretextError } from '../../contract/errors.ts';
import type { HarmoniseStep } from '../../contract/data/harmonise-step.ts';
import {
  findFold,
  leaveOutSeen,
  readHeldLabels,
  readSeenCopies,
  type ReadableProject,
  type SampleGroups,
  type StoredDataset,
  type StoredRun,
} from '../../project/index.ts';
import { seenParts } from '../../data/splits/seen-parts.ts';
import { groupsAt, levelOf, type Division } from '../datasets/division.ts';
import { depthOf, formOf, requireDataset, selectDataset } from '../datasets/selection.ts';

export interface RunData {
  inputShape: number[];
  about: SampleDescription;
  /** Datasets were put together in a way that a person chose. */
  isTogether: boolean;
  /** In the order of the run's datasets, as all lists here. */
  datasets: StoredDataset[];
  contents: DatasetContent[];
  /** Absolute paths by the dataset's name. */
  shards: Record<string, string>;
  /** By dataset, how it was brought to the common shape. */
  harmonisation: Record<string, HarmoniseStep[]>;
  /** Groups of each dataset's samples, as the study takes them; null where there are none. */
  groups: (SampleGroups | null)[];
  /** What the run sees of each dataset, and does not see. */
  seen: SeenParts[];
  /** Of all samples, labels and splits. */
  hash: string;
}

export async function readRunData(
  project: ReadableProject,
  { run, config }: StoredRun,
  signal?: AbortSignal,
): Promise<RunData> {
  const { data } = config;
  const division = { data, fold: foldOf(project, run, config) };
  const { shape: inputShape, about, steps } = formOf(project, data);
  const dtype = depthOf(project, run.datasets);
  const held = readHeldLabels(project, run.studyId);
  const datasets = run.datasets.map((name) => requireDataset(project, name, held));
  const harmonised = await Promise.all(
    datasets.map((stored) =>
      selectDataset(project, stored, inputShape, {
        dtype,
        signal,
        division,
        byRecording: data.scale === 'recording',
        steps: steps?.[stored.dataset.name],
      }),
    ),
  );
  const selections = harmonised.map(({ selection }) => leaveOutCopies(project, run.kind, config, selection));
  const groups = await Promise.all(datasets.map((stored) => groupsOf(project, stored, division)));
  return {
    inputShape,
    about: withColumnsOf(selections, finetuneDatasetOf(config), about),
    isTogether: steps !== null,
    datasets,
    contents: selections.map(({ shard: _shard, ...content }) => content),
    shards: Object.fromEntries(selections.map(({ name, shard }) => [name, shard])),
    harmonisation: Object.fromEntries(harmonised.map(({ selection, steps }) => [selection.name, steps])),
    groups,
    seen: selections.map((selection, at) => seenOf(datasets[at]!, selection, groups[at]!, division)),
    hash: hashSelections(selections, inputShape, division),
  };
}

/** What columns hold is measured on the training samples of this very run, where the dataset is among its own. */
function withColumnsOf(
  selections: readonly DatasetSelection[],
  name: string,
  about: SampleDescription,
): SampleDescription {
  const columns = selections.find((one) => one.name === name)?.about?.columns;
  return columns && about.columns ? { ...about, columns } : about;
}

/** The groups of a run's fold, as they were dealt; null where it is of none. */
function foldOf(project: ReadableProject, run: StoredRun['run'], config: StoredRun['config']) {
  if (!config.fold) return null;
  const found = findFold(project, run.studyId, config.fold.number);
  if (found?.sha256 === config.fold.sha256) return found;
  throw new PretextError({
    code: 'fold.changed',
    message: `The groups of fold ${config.fold.number} are not those that the run was planned with.`,
    place: run.name,
    remedy: 'The project may be damaged. Start the study anew.',
  });
}

/** Counted from what the run gets. */
function seenOf(
  { dataset }: StoredDataset,
  { name, splits }: DatasetSelection,
  groups: SampleGroups | null,
  division: Division,
): SeenParts {
  const counted = seenParts(splits, groups && groups.ids, (number) => groups!.names[number]!);
  if (division.fold && counted.parted > 0)
    throw new Error(`Bug: ${counted.parted} groups of ${name} stand in several parts of a fold.`);
  return { dataset: name, datasetId: dataset.id, by: groups && levelOf(name, division), ...counted };
}

/**
 * Runs that an earlier version planned say nothing of copies, and see them as they always did. Labels of other datasets
 * are learned from as well: those of copies of what is tested never are.
 */
function leaveOutCopies(
  project: ReadableProject,
  kind: StoredRun['run']['kind'],
  config: RunConfig,
  selection: DatasetSelection,
): DatasetSelection {
  const { data } = config;
  const mayCopy = kind === 'pretext' && data.includeHeldOut;
  if (data.copiesOfHeldOut !== 'leave-out' || mayCopy) return selection;
  const others = sparedBy(config).filter((name) => name !== selection.name);
  if (others.length === 0) return selection;
  const seen = requireDataset(project, selection.name);
  const splits = selection.splits.slice();
  for (const finetuned of others)
    leaveOutSeen(splits, readSeenCopies(project, requireDataset(project, finetuned).key, seen.key));
  return { ...selection, splits };
}

/** Groups of the samples as a study takes them, where there are some. */
const groupsOf = async (project: ReadableProject, stored: StoredDataset, division: Division) =>
  stored.dataset.split.groups === 0
    ? null
    : groupsAt(project, stored, levelOf(stored.dataset.name, division));

/** Whether a task asks something that only the places of samples in recordings tell. */
export const inRecordings = (asks: readonly string[]) =>
  ['recording', 'time', 'companions'].some((fact) => asks.includes(fact));

function hashSelections(
  selections: readonly DatasetSelection[],
  inputShape: readonly number[],
  { fold }: Division,
): string {
  const hash = createHash('sha256').update(JSON.stringify(inputShape));
  if (fold) hash.update(`groups by ${fold.by}`);
  for (const selection of selections) {
    const { name, classNames, shape, dtype, offsets, splits, classIds, numbers } = selection;
    const none = new Float32Array(0);
    const { targets = none, weights = none, recordingScales } = selection;
    hash.update(JSON.stringify({ name, classNames, shape, dtype }));
    for (const array of [offsets, splits, classIds, numbers, targets, weights]) hash.update(array);
    if (recordingScales)
      for (const array of [recordingScales.starts, recordingScales.means, recordingScales.deviations])
        hash.update(array);
  }
  return hash.digest('hex');
}
