/**
 * Computes one job of a bundle: no project, no database, no display. What the trainer says goes into the job's journal,
 * what it makes into the job's own folder; killed at any time, the job goes on from its last checkpoint.
 */
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { checkpointOf, placeJob, readPackedJob, requireJob, requireOwnResults } from '../bundle/job.ts';
import { claimJob, type Claim } from '../bundle/claim.ts';
import { claimFile, journalFile, readBundle, resultFolder, statusFile } from '../bundle/files.ts';
import { openJournal, type Journal } from '../bundle/journal.ts';
import { positionOf, type Position } from '../bundle/position.ts';
import { readStatus, writeStatus } from '../bundle/status.ts';
import type { Bundle, PackedJob } from '../contract/elsewhere/bundle.ts';
import type { JournalEntry } from '../contract/elsewhere/journal.ts';
import { PretextError, type Failure, explained, toFailure } from '../contract/errors.ts';
import type { ProcessHost } from '../contract/messages/host.ts';
import type { Job } from '../contract/messages/job.ts';
import { trainerDied } from '../host/trainer-ended.ts';
import { converse, type Conversation } from './converse.ts';
import { createSieve } from './worth-writing.ts';

/** As often as the queue of a project begins a run again whose trainer dies without getting any further. */
const MOST_RESTARTS = 3;
const DIED_REMEDY =
  'Give the job more memory or fewer threads, and run it again: it goes on from its last checkpoint.';

/** Of a process of several. */
export const TOGETHER_REMEDY = 'Start it again on all machines: it goes on from its last checkpoint.';

export type JobEnding = { kind: 'done' | 'paused' } | { kind: 'failed'; failure: Failure };

export interface JobWork {
  /** Settles when the job has ended, and everything is on the disk. */
  readonly ended: Promise<JobEnding>;
  /** Asks for a checkpoint and the end. */
  pause(): void;
}

export interface WorkerOptions {
  host: ProcessHost;
  /** Version of this program. */
  program: string;
  /** Several machines compute the job together, and this is the first of them: what each is called, in order. */
  addresses?: readonly string[];
  /** Hears how far it is. */
  onPhase?(phase: string): void;
}

/** Of a process of several, the first of which leads: it starts none of its own. */
export const meetingOf = (addresses: readonly string[] | undefined, rank: number) =>
  addresses ? { processes: undefined, meeting: { addresses: [...addresses], rank } } : {};

/**
 * @param bundle its folder
 * @param index which of its jobs, from 1
 * @throws PretextError for a bundle that is not whole or of another version, a job that another process computes, or
 *   one that needs another first
 */
export async function startJob(bundle: string, index: number, options: WorkerOptions): Promise<JobWork> {
  // Where the disk is full not even the job's status can be written: whoever called hears of it, with the place.
  const refuse = (thrown: unknown): never => {
    throw explained(thrown, resultFolder(bundle, index));
  };
  const begun = await begin(bundle, index, options).catch(refuse);
  return { ...begun, ended: begun.ended.catch(refuse) };
}

async function begin(bundle: string, index: number, options: WorkerOptions): Promise<JobWork> {
  const described = readBundle(bundle);
  requireJob(bundle, described, index);
  mkdirSync(resultFolder(bundle, index), { recursive: true });
  const claim = await claimJob(claimFile(bundle, index));
  const state = openClaimed({ bundle, described, index, options, claim });
  return {
    ended: work(state).finally(() => claim.release()),
    pause() {
      state.asked = true;
      state.talk?.pause();
    },
  };
}

interface Claimed {
  bundle: string;
  described: Bundle;
  index: number;
  options: WorkerOptions;
  claim: Claim;
}

/** What forbids the job to begin stands in its status too: who watches from afar sees nothing of this process's words. */
function openClaimed({ bundle, described, index, options, claim }: Claimed): WorkState {
  try {
    requireVersion(bundle, described, options.program);
    const packed = readPackedJob(bundle, described, index);
    if (options.addresses && (packed.job as Job).kind !== 'pretext') throw notShared(packed.name);
    requireOwnResults(bundle, packed);
    const journal = openJournal(journalFile(bundle, index));
    return { bundle, packed, threads: described.threads, options, claim, journal, asked: false, talk: null };
  } catch (error) {
    try {
      tellRefused(bundle, index, error);
    } finally {
      claim.release();
    }
    throw error;
  }
}

function tellRefused(bundle: string, index: number, error: unknown): void {
  const file = statusFile(bundle, index);
  const before = readStatus(file);
  // What is done stays done, whoever else looks at it.
  if (before?.state === 'done' || !(error instanceof PretextError)) return;
  const { failure } = error;
  const at = new Date().toISOString();
  writeStatus(file, { state: 'failed', at, host: hostname(), attempts: before?.attempts ?? 0, failure });
}

interface WorkState {
  bundle: string;
  packed: PackedJob;
  threads: number;
  options: WorkerOptions;
  claim: Claim;
  journal: Journal;
  asked: boolean;
  talk: Conversation | null;
}

async function work(state: WorkState): Promise<JobEnding> {
  try {
    let restarts = 0;
    for (;;) {
      const before = positionIn(state);
      if (before.isDone) return conclude(state, { kind: 'done' });
      const ending = await attempt(state);
      if (ending.kind !== 'again') return conclude(state, ending);
      restarts = hasMoved(before, positionIn(state)) ? 0 : restarts + 1;
      if (restarts > MOST_RESTARTS) return conclude(state, { kind: 'failed', failure: ending.failure });
    }
  } catch (thrown) {
    // A full disk may refuse this as well: then the engine has the words of the process.
    return conclude(state, { kind: 'failed', failure: toFailure(thrown) });
  } finally {
    state.journal.close();
  }
}

const positionIn = ({ packed, journal }: WorkState): Position =>
  positionOf((packed.job as Job).kind, journal.milestones);

const hasMoved = (before: Position, after: Position) =>
  after.finishedSeeds.length > before.finishedSeeds.length ||
  after.live.some(({ sha256 }) => before.live.every((one) => one.sha256 !== sha256));

type AttemptEnding = JobEnding | { kind: 'again'; failure: Failure };

async function attempt(state: WorkState): Promise<AttemptEnding> {
  const { bundle, packed, threads, options, journal } = state;
  const placed = placeJob(bundle, packed, threads);
  const { position } = placed;
  for (const folder of ['checkpoints', 'answers', 'models'])
    mkdirSync(join(resultFolder(bundle, packed.index), folder), { recursive: true });
  journal.add({
    type: 'begin',
    at: new Date().toISOString(),
    host: hostname(),
    plan: packed.plan,
    resumeStep: position.resume?.step ?? -1,
    startsFrom: placed.startsFrom,
  });
  tellStatus(state, 'running', position.attempts + 1);
  const beganMs = performance.now();
  const seconds = () => position.seconds + (performance.now() - beganMs) / 1000;
  const end = (ending: Extract<JournalEntry, { type: 'end' }>['ending'], failure?: Failure) =>
    journal.add({
      type: 'end',
      at: new Date().toISOString(),
      seconds: seconds(),
      ending,
      ...(failure && { failure }),
    });

  let phase = '';
  const tellPhase = (now: string) => {
    if (now !== phase) options.onPhase?.(now);
    phase = now;
  };
  const isWorthWriting = createSieve();
  state.talk = converse(
    options.host,
    { type: 'start', job: placed.job, places: { ...placed.places, ...meetingOf(options.addresses, 0) } },
    (message) => {
      if (!state.claim.holds()) throw lostClaim(packed);
      if (isWorthWriting(message)) journal.add({ type: 'said', seconds: seconds(), message });
      if (message.type === 'checkpoint') dropSuperfluous(state);
      if (message.type === 'progress') tellPhase(message.progress.phase);
    },
  );
  if (state.asked) state.talk.pause();
  const last = await state.talk.ended;
  state.talk = null;
  if (last.kind === 'died') {
    end('died');
    // The others have ended with it: begun again here alone, it would wait for them in vain.
    if (options.addresses)
      return { kind: 'failed', failure: trainerDied(packed.name, last, 1, TOGETHER_REMEDY) };
    return { kind: 'again', failure: trainerDied(packed.name, last, MOST_RESTARTS + 1, DIED_REMEDY) };
  }
  if (last.kind === 'failed') {
    if (position.resume && isBroken(last.failure)) {
      setAside(state, position.resume);
      return { kind: 'again', failure: last.failure };
    }
    end('failed', last.failure);
    return last;
  }
  end(last.kind);
  return last;
}

const isBroken = ({ code }: Failure) => code === 'checkpoint.broken' || code === 'checkpoint.missing';

/** A checkpoint that cannot be read is used no more: the one before it is, or the beginning. */
function setAside({ bundle, packed, journal }: WorkState, note: NonNullable<Position['resume']>): void {
  const file = checkpointOf(bundle, packed.index, note);
  journal.add({ type: 'lost', sha256: note.sha256 });
  try {
    renameSync(file, `${file}.broken`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** What a newer checkpoint stands for goes, by the rules of a project. */
function dropSuperfluous(state: WorkState): void {
  const { bundle, packed, journal } = state;
  const live = new Set(positionIn(state).live.map(({ file }) => file));
  for (const entry of journal.milestones)
    if (
      entry.type === 'said' &&
      entry.message.type === 'checkpoint' &&
      !live.has(entry.message.checkpoint.file)
    )
      rmSync(checkpointOf(bundle, packed.index, entry.message.checkpoint), { force: true });
}

function conclude(state: WorkState, ending: JobEnding): JobEnding {
  // The last checkpoint of what is done is proven: the one before it goes.
  if (ending.kind === 'done') dropSuperfluous(state);
  const { attempts } = positionIn(state);
  tellStatus(state, ending.kind, attempts, ending.kind === 'failed' ? ending.failure : undefined);
  return ending;
}

function tellStatus(
  { bundle, packed }: WorkState,
  kind: 'running' | JobEnding['kind'],
  attempts: number,
  failure?: Failure,
): void {
  writeStatus(statusFile(bundle, packed.index), {
    state: kind,
    at: new Date().toISOString(),
    host: hostname(),
    attempts,
    ...(failure && { failure }),
  });
}

export function requireVersion(bundle: string, { program }: Bundle, own: string): void {
  if (program === own) return;
  throw new PretextError({
    code: 'bundle.version',
    message: `This bundle was made by version ${program} of the program, and this is version ${own}: it may compute otherwise.`,
    place: bundle,
    remedy: `Install version ${program} here, or pack the study again with version ${own}.`,
  });
}

function lostClaim({ name }: PackedJob): PretextError {
  return new PretextError({
    code: 'job.claimed',
    message: 'Another process has taken this job over, as this one gave no sign of life.',
    place: name,
    remedy: 'Nothing: the other one goes on.',
  });
}

export const notShared = (name: string): PretextError =>
  new PretextError({
    code: 'processes.pretraining-only',
    message: 'Only pretraining is computed by several processes together, and this job is fine-tuning.',
    place: name,
    remedy: 'Compute it without `--processes`.',
  });
