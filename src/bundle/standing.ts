/** How a job of a bundle stands: as it says itself, as long as somebody is there who says it. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobStanding, JobStatus } from '../contract/elsewhere/bundle.ts';
import type { Failure } from '../contract/errors.ts';
import { formatExact } from '../contract/words.ts';
import { HEARTBEAT_MS, type Life } from '../machine/processes.ts';
import { watchClaims } from './claim.ts';
import { claimFile, resultFolder, statusFile } from './files.ts';
import { readStatus } from './status.ts';

/** Whether the process whose claim this file is still lives. */
export type Lives = (claim: string) => Life;
/** Null: nobody has begun it. */
export type Standing = (Omit<JobStatus, 'state'> & { state: JobStanding }) | null;

/** One look: whether a process of another machine still lives only the next ones tell, until then it counts. */
export function readStanding(folder: string, job: number, lives: Lives): Standing {
  const file = statusFile(folder, job);
  const told = readStatus(file);
  if (told?.state !== 'running' || lives(claimFile(folder, job)) !== 'gone') return told;
  // Who ends writes its status first: read once more, it is the last one.
  const last = readStatus(file);
  return last?.state === 'running' ? { ...last, state: 'lost', failure: silent(folder, job, last) } : last;
}

export interface KnowingStandings {
  lives?: Lives;
  /** Is told once of how many jobs nothing is known yet, before it waits. */
  onWait(unknown: number): void;
  rest?(milliseconds: number): Promise<unknown>;
}

/**
 * Of each job, in the order named. Those that run on other machines are looked at again until their heartbeats have
 * moved, or have not for `STALE_MS`.
 */
export async function knowStandings(
  folder: string,
  jobs: readonly number[],
  { lives = watchClaims(), onWait, rest = sleep }: KnowingStandings,
): Promise<Standing[]> {
  const standings = new Map<number, Standing>();
  const lookAt = (some: readonly number[]) =>
    some.filter((job) => {
      let life: Life | null = null;
      const standing = readStanding(folder, job, (claim) => (life = lives(claim)));
      standings.set(job, standing);
      return life === 'unknown';
    });
  let unknown = lookAt(jobs);
  if (unknown.length > 0) onWait(unknown.length);
  while (unknown.length > 0) {
    await rest(HEARTBEAT_MS / 2);
    unknown = lookAt(unknown);
  }
  return jobs.map((job) => standings.get(job)!);
}

const silent = (folder: string, job: number, { host, at }: JobStatus): Failure => ({
  code: 'job.silent',
  message: `Its process on ${host}, begun at ${formatExact(at)}, gives no sign of life any more and has not said why: it was killed, its computer was lost, or its disk was full.`,
  place: resultFolder(folder, job),
  remedy: `Ask the queueing system, and look into ${join(folder, 'engine', 'logs')}. Where it does not begin the job again by itself, make room if the disk is full and submit the job again: it goes on from its last checkpoint.`,
});
