/** What a run has to work with: its job, joined with where things lie on this machine. */
import type { DatasetContent, DatasetSelection } from '../contract/messages/dataset-selection.ts';
import type { FinetuneJob, Job, Places, PretextJob } from '../contract/messages/job.ts';

/** A checkpoint, and the hash that its content must have. */
export interface CheckpointPlace {
  file: string;
  sha256: string;
}

interface Placed extends Pick<Places, 'runId' | 'projectFolder' | 'threads' | 'meeting'> {
  resumeFrom: CheckpointPlace | null;
}

export type PretextInputs = Omit<PretextJob, 'resumeFrom' | 'startFrom' | 'datasets'> &
  Placed & {
    startFrom: (CheckpointPlace & { id: string }) | null;
    datasets: DatasetSelection[];
  };

/** A dataset whose head is trained beside that of a run's first. */
export interface OtherDataset extends Omit<NonNullable<FinetuneJob['others']>[number], 'dataset'> {
  dataset: DatasetSelection;
}

export type FinetuneInputs = Omit<
  FinetuneJob,
  'resumeFrom' | 'checkpoint' | 'dataset' | 'members' | 'others'
> &
  Placed & {
    checkpoint: CheckpointPlace | null;
    /** Left out: none is trained yet. */
    members?: CheckpointPlace[];
    dataset: DatasetSelection;
    /** Left out: none. */
    others?: OtherDataset[];
  };

export function joinPlaces(job: PretextJob, places: Places): PretextInputs;
export function joinPlaces(job: FinetuneJob, places: Places): FinetuneInputs;
export function joinPlaces(job: Job, places: Places): PretextInputs | FinetuneInputs;
export function joinPlaces(job: Job, places: Places): PretextInputs | FinetuneInputs {
  const { runId, projectFolder, threads, meeting } = places;
  const placed = { runId, projectFolder, threads, meeting, resumeFrom: checkpointAt(places, job.resumeFrom) };
  if (job.kind === 'finetune')
    return {
      ...job,
      ...placed,
      checkpoint: checkpointAt(places, job.checkpoint),
      members: (job.members ?? []).map((sha256) => checkpointAt(places, sha256)!),
      dataset: datasetAt(places, job.dataset),
      others: (job.others ?? []).map((other) => ({
        ...other,
        dataset: datasetAt(places, other.dataset),
      })),
    };
  const start = checkpointAt(places, job.startFrom);
  return {
    ...job,
    ...placed,
    startFrom: start && { id: job.pretext.startFrom ?? start.sha256, ...start },
    datasets: job.datasets.map((dataset) => datasetAt(places, dataset)),
  };
}

const datasetAt = ({ shards }: Places, dataset: DatasetContent): DatasetSelection => ({
  ...dataset,
  shard: placeOf(shards, dataset.name, 'dataset'),
});

const checkpointAt = ({ checkpoints }: Places, sha256: string | null): CheckpointPlace | null =>
  sha256 === null ? null : { file: placeOf(checkpoints, sha256, 'checkpoint'), sha256 };

function placeOf(places: Record<string, string>, name: string, what: string): string {
  const place = places[name];
  if (place === undefined) throw new Error(`the job names a ${what} ${name} that has no place here`);
  return place;
}
