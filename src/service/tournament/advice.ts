/** The advisor's questions, answered from what the project and the machine are. */
import { totalmem } from 'node:os';
import { labelsThere } from '../../contract/recipe/label-budget.ts';
import type { Advice } from '../../contract/advice.ts';
import type { Dataset, Run } from '../../contract/entities.ts';
import type { Recipe } from '../../contract/recipe/recipe.ts';
import { advise, type AdvisorQuestion } from '../../learning/catalogue.ts';
import {
  countRecordings,
  hasRecordings,
  readMedianRows,
  listRuns,
  type ReadableProject,
  type StoredDataset,
} from '../../project/index.ts';
import { formOf, requireDataset } from '../datasets/selection.ts';
import { trainedSamples } from '../datasets/trained-samples.ts';

/** Of the memory, what a training may take. */
const MEMORY_SHARE = 0.5;

export interface Wishes {
  encoder?: string;
  batchSize?: number;
  minutes?: number;
  most?: number;
  upright?: boolean;
  /** Options of a task as they are set. */
  chosen?: AdvisorQuestion['chosen'];
}

export function adviceFor(project: ReadableProject, data: Recipe['data'], wishes: Wishes = {}): Advice {
  const stored = data.pretrain.map((name) => requireDataset(project, name));
  const datasets = stored.map(({ dataset }) => dataset);
  const lacks = [
    ...(datasets.some(({ split }) => split.groups === 0) ? (['group'] as const) : []),
    ...(stored.some(({ key }) => !hasRecordings(project, key)) ? (['recording'] as const) : []),
  ];
  const modality = datasets[0]!.modality;
  const form = formOf(project, data);
  const rate = measuredRate(listRuns(project), data.pretrain);
  const sum = (count: (dataset: Dataset) => number) => datasets.reduce((all, one) => all + count(one), 0);
  return advise(
    {
      modality,
      inputShape: form.shape,
      about: form.about,
      sampleCount: trainedSamples(project, data),
      // Tasks that learn from labels learn from classes.
      labeledCount: sum((dataset) => (dataset.target === 'classes' ? labelsThere(dataset).labeled : 0)),
      lacks,
      ...recordingLengths(project, stored),
      memoryBytes: totalmem() * MEMORY_SHARE,
      ...(wishes.upright !== undefined && { upright: wishes.upright }),
      ...(wishes.chosen && { chosen: wishes.chosen }),
      ...(wishes.encoder && { encoder: wishes.encoder }),
      ...(wishes.batchSize && { batchSize: wishes.batchSize }),
      ...(wishes.minutes && { secondsAllowed: wishes.minutes * 60 }),
      ...(rate && { samplesPerSecond: rate }),
    },
    wishes.most,
  );
}

/** Of the dataset whose recordings are shortest; nothing where samples are no windows of recordings. */
function recordingLengths(
  project: ReadableProject,
  stored: readonly StoredDataset[],
): Pick<AdvisorQuestion, 'recordings'> {
  const lengths = stored.flatMap(({ dataset, key }) => {
    const rows = readMedianRows(project, key);
    return rows === null ? [] : [rows / dataset.shape[0]!];
  });
  if (lengths.length < stored.length) return {};
  return {
    recordings: {
      windowsEach: Math.min(...lengths),
      grouped: stored.every((one) => hasCompanyInGroups(project, one)),
    },
  };
}

/** Whether recordings have others of their group beside them: two or more to a group, in the mean. */
function hasCompanyInGroups(project: ReadableProject, { key, dataset }: StoredDataset): boolean {
  const { groups } = dataset.split;
  return groups > 0 && countRecordings(project, key) >= 2 * groups;
}

/** How fast the last pretext run on the same data was here. */
function measuredRate(runs: readonly Run[], names: readonly string[]): number | null {
  const measured = runs.findLast(
    ({ kind, status, datasets, progress }) =>
      kind === 'pretext' &&
      status === 'done' &&
      datasets.join() === names.join() &&
      progress?.samplesPerSecond,
  );
  return measured?.progress?.samplesPerSecond ?? null;
}
