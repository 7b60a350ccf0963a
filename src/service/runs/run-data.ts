/** The data of a run: its datasets as the study holds them, in their common shape, without what it must not see. */
import { createHash } from 'node:crypto';
import type { SampleDescription } from '../../contract/data/sample-description.ts';
import type { DatasetContent, DatasetSelection } from '../../contract/messages/dataset-selection.ts';
import { downstreamOf, type Recipe } from '../../contract/recipe/recipe.ts';
import type { HarmoniseStep } from '../../contract/data/harmonise-step.ts';
import {
  leaveOutSeen,
  readHeldLabels,
  readSeenCopies,
  type ReadableProject,
  type StoredDataset,
  type StoredRun,
} from '../../project/index.ts';
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
  /** Of all samples, labels and splits. */
  hash: string;
}

export async function readRunData(
  project: ReadableProject,
  { run, config: { data } }: StoredRun,
  signal?: AbortSignal,
): Promise<RunData> {
  const { shape: inputShape, about, steps } = formOf(project, data);
  const dtype = depthOf(project, run.datasets);
  const held = readHeldLabels(project, run.studyId);
  const datasets = run.datasets.map((name) => requireDataset(project, name, held));
  const harmonised = await Promise.all(
    datasets.map((stored) =>
      selectDataset(project, stored, inputShape, {
        dtype,
        signal,
        steps: steps?.[stored.dataset.name],
      }),
    ),
  );
  const selections = harmonised.map(({ selection }) => leaveOutCopies(project, run.kind, data, selection));
  return {
    inputShape,
    about,
    isTogether: steps !== null,
    datasets,
    contents: selections.map(({ shard: _shard, ...content }) => content),
    shards: Object.fromEntries(selections.map(({ name, shard }) => [name, shard])),
    harmonisation: Object.fromEntries(harmonised.map(({ selection, steps }) => [selection.name, steps])),
    hash: hashSelections(selections, inputShape),
  };
}

/** Runs that an earlier version planned say nothing of copies, and see them as they always did. */
function leaveOutCopies(
  project: ReadableProject,
  kind: StoredRun['run']['kind'],
  data: Recipe['data'],
  selection: DatasetSelection,
): DatasetSelection {
  if (kind !== 'pretext' || data.copiesOfHeldOut !== 'leave-out' || data.includeHeldOut) return selection;
  const others = downstreamOf({ data }).filter((name) => name !== selection.name);
  if (others.length === 0) return selection;
  const seen = requireDataset(project, selection.name);
  const splits = selection.splits.slice();
  for (const finetuned of others)
    leaveOutSeen(splits, readSeenCopies(project, requireDataset(project, finetuned).key, seen.key));
  return { ...selection, splits };
}

/** Whether a task asks something that only the places of samples in recordings tell. */
export const inRecordings = (asks: readonly string[]) =>
  ['recording', 'time', 'companions'].some((fact) => asks.includes(fact));

function hashSelections(selections: readonly DatasetSelection[], inputShape: readonly number[]): string {
  const hash = createHash('sha256').update(JSON.stringify(inputShape));
  for (const selection of selections) {
    const { name, classNames, shape, dtype, offsets, splits, classIds, numbers } = selection;
    const none = new Float32Array(0);
    const { targets = none, weights = none } = selection;
    hash.update(JSON.stringify({ name, classNames, shape, dtype }));
    for (const array of [offsets, splits, classIds, numbers, targets, weights]) hash.update(array);
  }
  return hash.digest('hex');
}
