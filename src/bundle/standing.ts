/** How a job of a bundle stands: as it says itself, as long as somebody is there who says it. */
import { join } from 'node:path';
import type { JobStanding, JobStatus } from '../contract/elsewhere/bundle.ts';
import type { Failure } from '../contract/errors.ts';
import { formatExact } from '../contract/words.ts';
import { claimFile, resultFolder, statusFile } from './files.ts';
import { readStatus } from './status.ts';

/** Whether the process whose claim this file is still lives. */
export type Lives = (claim: string) => boolean;

/** Null: nobody has begun it. */
export function readStanding(
  folder: string,
  job: number,
  lives: Lives,
): (Omit<JobStatus, 'state'> & { state: JobStanding }) | null {
  const file = statusFile(folder, job);
  const told = readStatus(file);
  if (told?.state !== 'running' || lives(claimFile(folder, job))) return told;
  // Who ends writes its status first: read once more, it is the last one.
  const last = readStatus(file);
  return last?.state === 'running' ? { ...last, state: 'lost', failure: silent(folder, job, last) } : last;
}

const silent = (folder: string, job: number, { host, at }: JobStatus): Failure => ({
  code: 'job.silent',
  message: `Its process on ${host}, begun at ${formatExact(at)}, gives no sign of life any more and has not said why: it was killed, its computer was lost, or its disk was full.`,
  place: resultFolder(folder, job),
  remedy: `Ask the queueing system, and look into ${join(folder, 'engine', 'logs')}. Where it does not begin the job again by itself, make room if the disk is full and submit the job again: it goes on from its last checkpoint.`,
});
