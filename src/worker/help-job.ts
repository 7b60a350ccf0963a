/**
 * Computes a part of one job of a bundle, for the process that leads: nothing is written here. Where the leader goes on
 * from, and its weights, come from it.
 */
import { placeJob, readPackedJob } from '../bundle/job.ts';
import { readBundle } from '../bundle/files.ts';
import { trainerDied } from '../host/trainer-ended.ts';
import { converse } from './converse.ts';
import {
  meetingOf,
  notShared,
  requireVersion,
  TOGETHER_REMEDY,
  type JobEnding,
  type WorkerOptions,
} from './run-job.ts';

export interface HelpOptions extends Pick<WorkerOptions, 'host' | 'program'> {
  addresses: readonly string[];
  /** Which of them this process is, from 1. */
  rank: number;
}

/** @throws PretextError for a bundle that is not whole or of another version, or a job that only one can compute */
export function helpJob(
  bundle: string,
  index: number,
  options: HelpOptions,
): { ended: Promise<JobEnding>; pause(): void } {
  const described = readBundle(bundle);
  requireVersion(bundle, described, options.program);
  const packed = readPackedJob(bundle, described, index);
  const { job, places } = placeJob(bundle, packed, described.threads);
  if (job.kind !== 'pretext') throw notShared(packed.name);
  // The leader alone reads weights.
  const talk = converse(
    options.host,
    {
      type: 'start',
      job: { ...job, resumeFrom: null, startFrom: null },
      places: { ...places, ...meetingOf(options.addresses, options.rank) },
    },
    () => {},
  );
  const ended = talk.ended.then((last): JobEnding => {
    if (last.kind !== 'died') return last;
    return { kind: 'failed', failure: trainerDied(packed.name, last, 1, TOGETHER_REMEDY) };
  });
  return { ended, pause: () => talk.pause() };
}
