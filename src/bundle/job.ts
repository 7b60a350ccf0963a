/** A packed job as it is computed on this machine: its description, what it goes on from, and where its files lie. */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import {
  packedJobSchema,
  type Bundle,
  type PackedJob,
  type PackedShard,
} from '../contract/elsewhere/bundle.ts';
import type { JournalEntry } from '../contract/elsewhere/journal.ts';
import { knownFields } from '../contract/known-fields.ts';
import { PretextError } from '../contract/errors.ts';
import { jobSchema, type Job, type Places } from '../contract/messages/job.ts';
import type { CheckpointNote } from '../contract/messages/trainer.ts';
import { arrayFiles, fromText } from './arrays.ts';
import { jobFile, journalFile, readChecked, resultFolder } from './files.ts';
import { readJournal } from './journal.ts';
import { positionOf, type Position } from './position.ts';

/** The last part of a shard, by which a changed one is told; its checksums stand there. */
const END_BYTES = 1 << 20;

/** @throws PretextError `job.missing`, or what `readChecked` throws */
export function readPackedJob(bundle: string, described: Pick<Bundle, 'jobs'>, index: number): PackedJob {
  requireJob(bundle, described, index);
  return readChecked(jobFile(bundle, index), packedJobSchema, (text) => fromText(text, arrayFiles(bundle)));
}

/** @throws PretextError `job.missing` */
export function requireJob(bundle: string, { jobs }: Pick<Bundle, 'jobs'>, index: number): void {
  if (!Number.isInteger(index) || index < 1 || index > jobs)
    throw new PretextError({
      code: 'job.missing',
      message: `There is no job ${index}: this bundle holds the jobs 1 to ${jobs}.`,
      place: bundle,
      remedy: 'Name one of them.',
    });
}

/** @throws PretextError `bundle.other-results` where the folder of its results holds those of another job */
export function requireOwnResults(
  bundle: string,
  { index, name, plan }: Pick<PackedJob, 'index' | 'name' | 'plan'>,
  entries: readonly JournalEntry[] = readJournal(journalFile(bundle, index)),
): void {
  const isOther = (entry: JournalEntry) =>
    entry.type === 'begin' && entry.plan !== undefined && entry.plan !== plan;
  if (!entries.some(isOther)) return;
  throw new PretextError({
    code: 'bundle.other-results',
    message: `This folder holds the results of another job, not of ${name}: it came from another bundle or study.`,
    place: resultFolder(bundle, index),
    remedy: 'Put it back where it came from, or remove it; then submit the job again.',
  });
}

export interface PlacedJob {
  job: Job;
  places: Places;
  position: Position;
  /** The weights of another run that it begins with. */
  startsFrom: string | null;
}

/**
 * @throws PretextError `bundle.changed` where a file of it is gone or another, `job.needs` while a job whose weights it
 *   begins with is not done
 */
export function placeJob(bundle: string, packed: PackedJob, threads: number): PlacedJob {
  const job = jobSchema.parse(knownFields(jobSchema, packed.job));
  const folder = resultFolder(bundle, packed.index);
  const position = positionOf(job.kind, readJournal(journalFile(bundle, packed.index)));
  const start = packed.startsFrom && startOf(bundle, packed.startsFrom);
  const own = position.resume && {
    sha256: position.resume.sha256,
    file: join(folder, 'checkpoints', position.resume.file),
  };
  const checkpoints = Object.fromEntries(
    Object.entries(packed.checkpoints).map(([sha256, name]) => [sha256, join(bundle, 'checkpoints', name)]),
  );
  for (const given of [start, own]) if (given) checkpoints[given.sha256] = given.file;
  return {
    job: goneOn(job, position, start?.sha256 ?? null),
    places: {
      runId: packed.runId,
      projectFolder: folder,
      threads,
      ...(packed.processes && { processes: packed.processes }),
      shards: Object.fromEntries(
        Object.entries(packed.shards).map(([name, shard]) => [name, requireShard(bundle, shard)]),
      ),
      checkpoints,
    },
    position,
    startsFrom: start?.sha256 ?? sourceOf(job),
  };
}

/** The job, with what has been done of it since it was packed. */
function goneOn(job: Job, { resume, finishedSeeds, bestScore }: Position, start: string | null): Job {
  const resumeFrom = resume?.sha256 ?? job.resumeFrom;
  if (job.kind === 'pretext') return { ...job, resumeFrom, startFrom: resumeFrom ? null : job.startFrom };
  return {
    ...job,
    resumeFrom,
    checkpoint: start ?? job.checkpoint,
    finishedSeeds: [...new Set([...job.finishedSeeds, ...finishedSeeds])],
    bestFinished: bestScore ?? job.bestFinished ?? null,
    ...(job.model && start && { model: withSource(job.model, start) }),
  };
}

const sourceOf = (job: Job) => (job.kind === 'finetune' ? job.checkpoint : job.startFrom);

/** A checkpoint that came from elsewhere goes by the beginning of its hash. */
export const idOfCheckpoint = (sha256: string) => sha256.slice(0, 10);

type ModelWish = NonNullable<Extract<Job, { kind: 'finetune' }>['model']>;

function withSource(model: ModelWish, sha256: string): ModelWish {
  const { pretraining } = model.origin;
  if (!pretraining) return model;
  return {
    ...model,
    origin: { ...model.origin, pretraining: { ...pretraining, checkpointId: idOfCheckpoint(sha256) } },
  };
}

function startOf(bundle: string, { job, kinds }: NonNullable<PackedJob['startsFrom']>) {
  const { live, isDone } = positionOf('pretext', readJournal(journalFile(bundle, job)));
  if (!isDone)
    throw new PretextError({
      code: 'job.needs',
      message: `This job begins with the weights that job ${job} makes, which is not done.`,
      place: jobFile(bundle, job),
      remedy: `Compute job ${job} first.`,
    });
  const note = kinds.map((kind) => live.findLast((one) => one.kind === kind)).find((found) => found);
  if (!note) throw new Error(`job ${job} is done and has left no checkpoint`);
  return { sha256: note.sha256, file: checkpointOf(bundle, job, note) };
}

export const checkpointOf = (bundle: string, index: number, { file }: Pick<CheckpointNote, 'file'>) =>
  join(resultFolder(bundle, index), 'checkpoints', file);

function requireShard(bundle: string, shard: PackedShard): string {
  const file = join(bundle, 'shards', shard.file);
  const found = existsSync(file) ? describeShard(file) : null;
  if (found?.bytes === shard.bytes && found.end === shard.end) return file;
  throw new PretextError({
    code: 'bundle.changed',
    message: found
      ? 'The samples in this file are not those that the bundle was made with.'
      : 'The file with the samples is not in the bundle.',
    place: file,
    remedy: 'Copy the bundle again from where it was made, or pack the study again.',
  });
}

/** Bytes in the middle that change are noticed by their checksums when they are read. */
export function describeShard(file: string): Omit<PackedShard, 'file'> {
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    const end = Buffer.alloc(Math.min(size, END_BYTES));
    for (let at = 0; at < end.length;) {
      const read = readSync(handle, end, at, end.length - at, size - end.length + at);
      if (read === 0) break;
      at += read;
    }
    return { bytes: size, end: createHash('sha256').update(end).digest('hex') };
  } finally {
    closeSync(handle);
  }
}
