/** From a run in the database to the job that a trainer gets, and where on this machine lies what the job names. */
import type { HarmoniseStep } from '../../data/index.ts';
import { createHash } from 'node:crypto';
import type { Checkpoint } from '../../contract/entities.ts';
import { bytesOfSample } from '../../contract/data/sample-values.ts';
import { descriptionOf } from '../../contract/data/sample-description.ts';
import { PretextError } from '../../contract/errors.ts';
import { defaultMetric } from '../../contract/results/metric.ts';
import { finetuneDatasetOf, type Recipe } from '../../contract/recipe/recipe.ts';
import { isPretextConfig, type FinetuneRunConfig } from '../../contract/recipe/run-config.ts';
import type { DatasetContent, DatasetSelection } from '../../contract/messages/dataset-selection.ts';
import type { Job, Places } from '../../contract/messages/job.ts';
import {
  checkpointFile,
  finishedSeeds,
  getCheckpoint,
  listCheckpoints,
  listNeeds,
  listResumePoints,
  leaveOutSeen,
  readGroups,
  readRecordings,
  readHeldLabels,
  readSeenCopies,
  type ReadableProject,
  type StoredDataset,
  type StoredRun,
  type WritableProject,
} from '../../project/index.ts';
import { findPretextTask } from '../../learning/catalogue.ts';
import { searchBeforePretraining } from '../datasets/copies.ts';
import { needsCheckpoint } from '../../contract/recipe/arms.ts';
import { depthOf, inputShapeOf, requireDataset, selectDataset } from '../datasets/selection.ts';
import { describeModel } from './describe-model.ts';

export interface PreparedJob {
  job: Job;
  places: Places;
  /** Hash of all samples, labels and splits the job uses. */
  selectionHash: string;
  /** The datasets themselves: one that was imported again under its old name is another. */
  datasetIds: string[];
  resumePoint: Checkpoint | null;
  /** Where the weights come from. */
  checkpointId: string | null;
  /** By dataset, how it was brought to the common shape. */
  harmonisation: Record<string, HarmoniseStep[]>;
}

/**
 * Reads what the run needs from the database.
 *
 * Throws a PretextError when a dataset or checkpoint is gone, or when the data changed since the run began.
 */
export async function prepareJob(
  project: ReadableProject,
  stored: StoredRun,
  signal?: AbortSignal,
): Promise<PreparedJob> {
  const { run, config } = stored;
  const resumePoint = listResumePoints(project, run.id)[0] ?? null;
  const inputShape = inputShapeOf(project, config.data);
  const dtype = depthOf(project, run.datasets);
  const held = readHeldLabels(project, run.studyId);
  const datasets = run.datasets.map((name) => requireDataset(project, name, held));
  const datasetIds = datasets.map(({ dataset }) => dataset.id);
  const harmonised = await Promise.all(
    datasets.map((stored) => selectDataset(project, stored, inputShape, { dtype, signal })),
  );
  const selections = harmonised.map(({ selection }) =>
    leaveOutCopies(project, run.kind, config.data, selection),
  );
  const harmonisation = Object.fromEntries(harmonised.map(({ selection, steps }) => [selection.name, steps]));
  const selectionHash = hashSelections(selections, inputShape);
  const seeds = run.kind === 'finetune' ? finishedSeeds(project, run.id) : [];
  if (stored.selectionHash && stored.selectionHash !== selectionHash && (resumePoint || seeds.length > 0))
    throw changedSelection(run.name, run.datasets);

  const contents = selections.map(({ shard: _shard, ...content }): DatasetContent => content);
  const common = {
    inputShape,
    modality: selections[0]!.modality,
    about: descriptionOf(requireDataset(project, finetuneDatasetOf(config)).dataset),
    encoder: config.encoder,
    precision: config.device.precision,
    resumeFrom: resumePoint && resumePoint.sha256,
  };
  const placesWith = (source: Checkpoint | null): Places => ({
    runId: run.id,
    projectFolder: project.folder,
    threads: config.device.threads ?? null,
    shards: Object.fromEntries(selections.map(({ name, shard }) => [name, shard])),
    checkpoints: Object.fromEntries(
      [resumePoint, source].flatMap((one) =>
        one ? [[one.sha256, checkpointFile(project.folder, one.file)]] : [],
      ),
    ),
  });
  if (isPretextConfig(config)) {
    // A run that has got further needs its beginning no more, which may even be deleted.
    const { startFrom } = config.pretext;
    const probeDataset = probeDatasetOf(config.data, datasets);
    const { asks = [] } = findPretextTask(config.pretext.task, common.modality);
    const start = startFrom && !resumePoint ? getCheckpoint(project, startFrom) : null;
    const job: Job = {
      kind: 'pretext',
      ...common,
      pretext: config.pretext,
      startFrom: start && start.sha256,
      includeHeldOut: config.data.includeHeldOut,
      datasets: await Promise.all(
        contents.map(async (content) => {
          const own = requireDataset(project, content.name);
          // Validation samples that are probed are resampled by group.
          const groups = asks.includes('group') || content.name === probeDataset;
          return {
            ...content,
            ...(groups && (await groupsOf(project, own))),
            ...(inRecordings(asks) && (await recordingsOf(project, own))),
          };
        }),
      ),
      probeDataset,
    };
    const checkpointId = startFrom ?? null;
    const places = placesWith(start);
    return { job, places, selectionHash, datasetIds, resumePoint, checkpointId, harmonisation };
  }
  const checkpoint = sourceCheckpoint(project, stored, config);
  const finetuned = datasets[0]!;
  const { target } = finetuned.dataset;
  const job: Job = {
    kind: 'finetune',
    ...common,
    arm: config.arm,
    budget: config.budget,
    metric: config.finetune.metric ?? defaultMetric(target),
    target,
    finetune: { ...config.finetune, arms: [config.arm], budgets: [config.budget] },
    dataset: { ...contents[0]!, ...(await groupsOf(project, finetuned)) },
    checkpoint: checkpoint && checkpoint.sha256,
    ...(config.seeds && { seeds: config.seeds }),
    finishedSeeds: seeds,
    bestFinished: listCheckpoints(project, run.id).find(({ kind }) => kind === 'best')?.score ?? null,
    model: describeModel(project, stored, finetuned, checkpoint, harmonised[0]!.steps),
  };
  const checkpointId = checkpoint?.id ?? null;
  const places = placesWith(checkpoint);
  return { job, places, selectionHash, datasetIds, resumePoint, checkpointId, harmonisation };
}

/** Before pretraining on several datasets: none of them may hold what another holds out. */
export async function lookForCopies(
  project: WritableProject,
  { run, config: { data } }: StoredRun,
  signal: AbortSignal,
): Promise<void> {
  if (run.kind !== 'pretext') return;
  await searchBeforePretraining(project, run.datasets, finetuneDatasetOf({ data }), signal);
}

/** Runs that an earlier version planned say nothing of copies, and see them as they always did. */
function leaveOutCopies(
  project: ReadableProject,
  kind: StoredRun['run']['kind'],
  data: Recipe['data'],
  selection: DatasetSelection,
): DatasetSelection {
  const finetuned = finetuneDatasetOf({ data });
  if (kind !== 'pretext' || data.copiesOfHeldOut !== 'leave-out' || data.includeHeldOut) return selection;
  if (selection.name === finetuned) return selection;
  const [heldOut, seen] = [requireDataset(project, finetuned), requireDataset(project, selection.name)];
  const splits = selection.splits.slice();
  leaveOutSeen(splits, readSeenCopies(project, heldOut.key, seen.key));
  return { ...selection, splits };
}

/** Groups of the samples, where there are some. */
async function groupsOf(project: ReadableProject, { dataset, key }: StoredDataset) {
  if (dataset.split.groups === 0) return {};
  return { groups: await readGroups(project, key, dataset.sampleCount) };
}

const inRecordings = (asks: readonly string[]) =>
  ['recording', 'time', 'neighbours'].some((fact) => asks.includes(fact));

/** Which recording each sample is a part of, and when in it; nothing where that is not known. */
async function recordingsOf(
  project: ReadableProject,
  { dataset, key }: StoredDataset,
): Promise<Pick<DatasetSelection, 'recordings' | 'times'>> {
  const places = await readRecordings(project, key, dataset.sampleCount);
  if (!places) return {};
  const bytesASecond = bytesOfSample([dataset.shape.at(-1)!], dataset.dtype) * (dataset.samplingRate ?? 1);
  return {
    recordings: places.recordings,
    times: Float32Array.from(places.bytes, (bytes) => bytes / bytesASecond),
  };
}

/** The probe looks at the labels of the fine-tuning dataset, where pretraining sees that dataset at all. */
function probeDatasetOf(data: Recipe['data'], datasets: readonly StoredDataset[]): string | null {
  const name = finetuneDatasetOf({ data });
  const found = datasets.find(({ dataset }) => dataset.name === name);
  return found && found.dataset.labeledCount > 0 ? name : null;
}

function sourceCheckpoint(
  project: ReadableProject,
  stored: StoredRun,
  config: FinetuneRunConfig,
): Checkpoint | null {
  if (!needsCheckpoint(config.arm)) return null;
  // Once a run has begun it keeps the checkpoint that it began with.
  if (stored.run.checkpointId) return getCheckpoint(project, stored.run.checkpointId);
  const checkpoints = listNeeds(project, stored.run.id).flatMap((id) => listCheckpoints(project, id));
  const checkpoint =
    checkpoints.find(({ kind }) => kind === config.transfer) ??
    checkpoints.find(({ kind }) => kind === 'last');
  if (checkpoint) return checkpoint;
  throw new PretextError({
    code: 'run.no-checkpoint',
    message: 'The pretext run that this run starts from left no checkpoint.',
    place: stored.run.name,
    remedy: 'Run the pretext run again.',
  });
}

function hashSelections(selections: readonly DatasetSelection[], inputShape: readonly number[]): string {
  const hash = createHash('sha256').update(JSON.stringify(inputShape));
  for (const { name, classNames, shape, dtype, offsets, splits, classIds, numbers } of selections) {
    hash.update(JSON.stringify({ name, classNames, shape, dtype }));
    for (const array of [offsets, splits, classIds, numbers]) hash.update(array);
  }
  return hash.digest('hex');
}

function changedSelection(runName: string, datasets: readonly string[]): PretextError {
  return new PretextError({
    code: 'run.data-changed',
    message: `The samples, labels or splits of ${datasets.join(', ')} changed since this run began, so it cannot be continued.`,
    place: runName,
    remedy: 'Start the study anew on the data as it is now.',
  });
}
