/** What a kept model says of itself beside what training knows: where it comes from, and how samples are prepared. */
import { scalesItself, type HarmoniseStep } from '../../contract/data/harmonise-step.ts';
import type { Checkpoint, Run } from '../../contract/entities.ts';
import type { FinetuneJob } from '../../contract/messages/job.ts';
import {
  findRunOfCheckpoint,
  getStudyAlone,
  readProject,
  type ReadableProject,
  type StoredDataset,
  type StoredRun,
} from '../../project/index.ts';
import { PROGRAM_VERSION } from '../../host/version.ts';

/** The run whose weights a model begins with. */
export interface ModelSource {
  run: Pick<Run, 'name' | 'task'>;
  checkpointId: string;
}

/** Null where the run is gone. */
export function sourceOf(project: ReadableProject, checkpoint: Checkpoint): ModelSource | null {
  const found = findRunOfCheckpoint(project, checkpoint.id);
  return found && { run: found.run, checkpointId: checkpoint.id };
}

export function describeModel(
  project: ReadableProject,
  { run, config }: StoredRun,
  { dataset, importOptions }: StoredDataset,
  source: ModelSource | null,
  steps: readonly HarmoniseStep[],
): NonNullable<FinetuneJob['model']> {
  return {
    name: run.name,
    program: PROGRAM_VERSION,
    origin: {
      project: readProject(project).name,
      study: getStudyAlone(project, run.studyId).name,
      runId: run.id,
      run: run.name,
      dataset: dataset.name,
      datasetId: dataset.id,
      pretraining: source && {
        run: source.run.name,
        task: source.run.task,
        checkpointId: source.checkpointId,
      },
    },
    preparation: {
      options: preparationOf(importOptions),
      stored: { shape: dataset.shape, dtype: dataset.dtype },
      steps: steps.map((step) => ({ ...step })),
      bits: null,
      channelNames: dataset.channelNames ?? null,
      samplingRate: dataset.samplingRate ?? null,
      ...(config.data.scale === 'recording' && { scaledByRecording: true as const }),
      ...(scalesItself(steps) && dataset.columns && { columns: dataset.columns }),
    },
  };
}

/** What decides about values; where labels and splits came from says nothing of new samples. */
function preparationOf({
  path: _path,
  labels: _labels,
  labelColumn: _labelColumn,
  labelColumns: _labelColumns,
  fileColumn: _fileColumn,
  pathPattern: _pathPattern,
  folders: _folders,
  group: _group,
  split: _split,
  ...options
}: StoredDataset['importOptions']) {
  return options;
}
