/** From a run in the database to the job that a trainer gets, and where on this machine lies what the job names. */
import type { SeenParts } from '../../contract/data/splits/seen-parts.ts';
import type { HarmoniseStep } from '../../contract/data/harmonise-step.ts';
import type { Checkpoint, Run } from '../../contract/entities.ts';
import { PretextError } from '../../contract/errors.ts';
import { defaultMetric } from '../../contract/results/metric.ts';
import { downstreamOf, finetuneDatasetOf, type Recipe } from '../../contract/recipe/recipe.ts';
import {
  isPretextConfig,
  sparedBy,
  type FinetuneRunConfig,
  type PretextRunConfig,
} from '../../contract/recipe/run-config.ts';
import type { FinetuneJob, Job, Places, PretextJob } from '../../contract/messages/job.ts';
import {
  checkpointFile,
  finishedSeeds,
  getCheckpoint,
  listCheckpoints,
  listNeeds,
  listResumePoints,
  type ReadableProject,
  type StoredDataset,
  type StoredRun,
  type WritableProject,
} from '../../project/index.ts';
import { findPretextTask } from '../../learning/catalogue.ts';
import { searchBeforePretraining } from '../datasets/copies.ts';
import { needsCheckpoint } from '../../contract/recipe/arms.ts';
import { requireDataset } from '../datasets/selection.ts';
import { describeModel, sourceOf } from './describe-model.ts';
import { recordingsOf } from '../datasets/belonging.ts';
import { inRecordings, readRunData, type RunData } from './run-data.ts';

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
  /** What the run sees of its datasets. */
  seen: SeenParts[];
}

export interface Preparing {
  signal?: AbortSignal;
  /** How the data of runs are read; for many runs on the same data they need not be read for each. */
  readData?: typeof readRunData;
  /** A run whose weights this one will begin with, which has not made them yet: the job names none. */
  awaited?: Run | null;
}

/**
 * Reads what the run needs from the database.
 *
 * Throws a PretextError when a dataset or checkpoint is gone, or when the data changed since the run began.
 */
export async function prepareJob(
  project: ReadableProject,
  stored: StoredRun,
  { signal, readData = readRunData, awaited = null }: Preparing = {},
): Promise<PreparedJob> {
  const { run, config } = stored;
  const resumePoint = listResumePoints(project, run.id)[0] ?? null;
  const data = await readData(project, stored, signal);
  const seeds = run.kind === 'finetune' ? finishedSeeds(project, run.id) : [];
  const hasBegun = resumePoint !== null || seeds.length > 0;
  if (hasBegun && stored.selectionHash && stored.selectionHash !== data.hash)
    throw changedSelection(run.name, run.datasets);

  const start = isPretextConfig(config)
    ? // A run that has got further needs its beginning no more, which may even be deleted.
      resumePoint
      ? null
      : startCheckpoint(project, config)
    : awaited
      ? null
      : sourceCheckpoint(project, stored, config);
  const begun = { data, resumePoint, start, awaited };
  return {
    job: isPretextConfig(config)
      ? await pretextJob(project, config, begun)
      : finetuneJob(project, stored, config, { ...begun, seeds }),
    places: {
      runId: run.id,
      projectFolder: project.folder,
      threads: config.device.threads ?? null,
      ...(config.device.processes && isPretextConfig(config) && { processes: config.device.processes }),
      shards: data.shards,
      checkpoints: filesOf(project, [resumePoint, start, ...membersOf(project, run.id)]),
    },
    selectionHash: data.hash,
    datasetIds: data.datasets.map(({ dataset }) => dataset.id),
    resumePoint,
    checkpointId: isPretextConfig(config) ? (config.pretext.startFrom ?? null) : (start?.id ?? null),
    harmonisation: data.harmonisation,
    seen: data.seen,
  };
}

/** What a job is made of beside the run's configuration. */
interface Begun {
  data: RunData;
  resumePoint: Checkpoint | null;
  /** Where the first weights come from. */
  start: Checkpoint | null;
  awaited: Run | null;
}

function commonOf(config: PretextRunConfig | FinetuneRunConfig, { data, resumePoint }: Begun) {
  return {
    inputShape: data.inputShape,
    modality: data.contents[0]!.modality,
    about: data.about,
    encoder: config.encoder,
    precision: config.device.precision,
    resumeFrom: resumePoint && resumePoint.sha256,
  };
}

async function pretextJob(
  project: ReadableProject,
  config: PretextRunConfig,
  begun: Begun,
): Promise<PretextJob> {
  const { data, start } = begun;
  const common = commonOf(config, begun);
  const probeDataset = probeDatasetOf(config.data, data.datasets);
  const { asks = [] } = findPretextTask(config.pretext.task, common.modality);
  const { together } = config.data;
  return {
    kind: 'pretext',
    ...common,
    pretext: config.pretext,
    startFrom: start && start.sha256,
    includeHeldOut: config.data.includeHeldOut,
    ...(together &&
      together.sampling !== 'balanced' && {
        sampling: { sampling: together.sampling, temperature: together.temperature },
      }),
    ...(data.isTogether && { steps: data.harmonisation }),
    datasets: await Promise.all(
      data.contents.map(async (content, at) => {
        const own = requireDataset(project, content.name);
        // Tasks ask for groups, or draw windows within them; validation samples that are probed are resampled by them.
        const groups = asks.length > 0 || content.name === probeDataset;
        return {
          ...content,
          ...(groups && groupsAmong(data, at)),
          ...(inRecordings(asks) && (await recordingsOf(project, own))),
        };
      }),
    ),
    probeDataset,
  };
}

function finetuneJob(
  project: ReadableProject,
  stored: StoredRun,
  config: FinetuneRunConfig,
  begun: Begun & { seeds: number[] },
): FinetuneJob {
  const { data, start, seeds, awaited } = begun;
  const source = start ? sourceOf(project, start) : awaited && { run: awaited, checkpointId: '' };
  const finetuned = data.datasets[0]!;
  const { target } = finetuned.dataset;
  const describe = (one: StoredDataset) =>
    describeModel(project, stored, one, source, data.harmonisation[one.dataset.name]!);
  const measured = downstreamOf(config);
  // All other datasets of the run are such whose heads are trained at once.
  const others = data.datasets.slice(1).map((one, at) => ({
    dataset: { ...data.contents[at + 1]!, ...groupsAmong(data, at + 1) },
    target: one.dataset.target,
    ...(measured.includes(one.dataset.name) && { model: describe(one) }),
  }));
  const best = listCheckpoints(project, stored.run.id).find(({ kind }) => kind === 'best');
  return {
    kind: 'finetune',
    ...commonOf(config, begun),
    arm: config.arm,
    budget: config.budget,
    metric: config.finetune.metric ?? defaultMetric(target),
    target,
    finetune: { ...config.finetune, arms: [config.arm], budgets: [config.budget] },
    dataset: { ...data.contents[0]!, ...groupsAmong(data, 0) },
    ...(others.length > 0 && { others }),
    checkpoint: start && start.sha256,
    ...(config.seeds && { seeds: config.seeds }),
    ...(config.making && {
      making: config.making,
      members: membersOf(project, stored.run.id).map(({ sha256: hash }) => hash),
    }),
    finishedSeeds: seeds,
    bestFinished: best?.score ?? null,
    model: describe(finetuned),
  };
}

/** Of one of the run's datasets. */
function groupsAmong({ groups }: RunData, at: number): { groups?: Int32Array<ArrayBuffer> } {
  const found = groups[at];
  return found ? { groups: found.ids } : {};
}

/** Models of an ensemble that an earlier attempt has trained, in the order of its seeds. */
const membersOf = (project: ReadableProject, runId: string) =>
  listCheckpoints(project, runId)
    .filter(({ kind }) => kind === 'member')
    .toReversed();

const filesOf = (project: ReadableProject, checkpoints: readonly (Checkpoint | null)[]) =>
  Object.fromEntries(
    checkpoints.flatMap((one) => (one ? [[one.sha256, checkpointFile(project.folder, one.file)]] : [])),
  );

/** Before training on several datasets: none of them may hold what another holds out. */
export async function lookForCopies(
  project: WritableProject,
  { run, config }: StoredRun,
  signal: AbortSignal,
): Promise<void> {
  for (const finetuned of sparedBy(config))
    await searchBeforePretraining(project, run.datasets, finetuned, signal);
}

/** The probe looks at the labels of the fine-tuning dataset, where pretraining sees that dataset at all. */
function probeDatasetOf(data: Recipe['data'], datasets: readonly StoredDataset[]): string | null {
  const name = finetuneDatasetOf({ data });
  const found = datasets.find(({ dataset }) => dataset.name === name);
  return found && found.dataset.labeledCount > 0 ? name : null;
}

function startCheckpoint(project: ReadableProject, { pretext }: PretextRunConfig): Checkpoint | null {
  return pretext.startFrom === undefined ? null : getCheckpoint(project, pretext.startFrom);
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

function changedSelection(runName: string, datasets: readonly string[]): PretextError {
  return new PretextError({
    code: 'run.data-changed',
    message: `The samples, labels or splits of ${datasets.join(', ')} changed since this run began, so it cannot be continued.`,
    place: runName,
    remedy: 'Start the study anew on the data as it is now.',
  });
}
