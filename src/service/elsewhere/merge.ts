/**
 * Brings back what jobs of a bundle have found: curves and scores as they are written, checkpoints and models once a job
 * has ended. Jobs come in any order, and twice without harm; a job counts only for the run that it was packed from, as
 * long as that run is away and its data are the same.
 */
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { watchClaims } from '../../bundle/claim.ts';
import {
  jobFile,
  journalFile,
  readBundle,
  readChecked,
  resultFolder,
  resultsFolder,
} from '../../bundle/files.ts';
import { idOfCheckpoint, requireOwnResults } from '../../bundle/job.ts';
import { followJournal, type JournalFollower } from '../../bundle/journal.ts';
import { positionOf } from '../../bundle/position.ts';
import { packedJobSchema, type Bundle } from '../../contract/elsewhere/bundle.ts';
import type { JournalEntry } from '../../contract/elsewhere/journal.ts';
import type { AwayJob, MergeReport } from '../../contract/elsewhere/away.ts';
import { areAllBack } from '../../contract/elsewhere/progress.ts';
import { toFailure } from '../../contract/errors.ts';
import type { CheckpointNote, FromTrainer } from '../../contract/messages/trainer.ts';
import type { ModelNote } from '../../contract/model/model.ts';
import {
  dropSuperseded,
  findAway,
  getRun,
  listAway,
  listCheckpoints,
  listNeeds,
  noteBundle,
  registerCheckpoint,
  setMerged,
  timestamp,
  updateRun,
  type AwayRun,
  type StoredRun,
} from '../../project/index.ts';
import { createPacer } from '../../data/index.ts';
import { prepareJob, type PreparedJob } from '../runs/jobs.ts';
import { createRecorder, recordStart, type RunWord } from '../runs/record.ts';
import type { readRunData } from '../runs/run-data.ts';
import { refreshStudy, tellChanges } from '../studies/transitions.ts';
import { logFailure } from '../workplace/log.ts';
import type { Workplace } from '../workplace/workplace.ts';
import type { Lives } from '../../bundle/standing.ts';
import { describeJob } from './away-jobs.ts';
import { bringFile, bringModel } from './bring.ts';
import { otherBundle, requireOurs, requireSamePlan, requireSameStart } from './refusals.ts';
import { readOnce } from './run-data-once.ts';
import { createWriting, type Writing } from './write-together.ts';

export interface Merging {
  /**
   * @param id of the bundle that must lie there; left out: any of this project
   * @throws PretextError where the folder is no bundle, another one, or one of another project
   */
  merge(folder: string, id?: string): Promise<MergeReport>;
}

/** Whoever watches a bundle asks every few seconds: what was read of it once is not read again. */
export function createMerging(workplace: Workplace): Merging {
  const followed = new Map<string, Followed>();
  const lives = watchClaims();
  let before: Promise<unknown> = Promise.resolve();
  return {
    merge(folder, id) {
      // One after the other: two would take the same lines over.
      const merged = before.then(() => mergeBundle({ workplace, folder, id, followed, lives }));
      before = merged.catch(() => undefined);
      return merged;
    },
  };
}

interface BundleMerging {
  workplace: Workplace;
  folder: string;
  /** Which bundle is meant. */
  id: string | undefined;
  followed: Map<string, Followed>;
  lives: Lives;
}

async function mergeBundle({ workplace, folder, id: meant, followed, lives }: BundleMerging) {
  const { project, log } = workplace;
  const bundle = readBundle(folder);
  const away = listAway(project, bundle.id);
  requireOurs(workplace, folder, bundle, away);
  const { id, jobs: count, madeAt } = bundle;
  if (meant !== undefined && meant !== id) throw otherBundle(folder, bundle);
  noteBundle(project, { id, studyId: bundle.study.id, folder, jobs: count, packedAt: madeAt });
  const begun = new Set(readdirSync(resultsFolder(folder)));
  const readData = readOnce();
  const refused: MergeReport['refused'] = [];
  const refuse = ({ name }: AwayRun, thrown: unknown) => {
    const failure = toFailure(thrown);
    logFailure(log, failure, thrown, `the job ${name} could not be merged`);
    refused.push({ name, failure });
  };
  const writing = createWriting(workplace, refuse);
  const pace = createPacer();
  const hasBegun = (one: AwayRun) => begun.has(basename(resultFolder(folder, one.job)));
  // Pretraining stands before what begins with it.
  for (const one of away) {
    await pace();
    if (!hasBegun(one) || one.status !== 'away') continue;
    try {
      await mergeJob({ workplace, folder, one, readData, followed, writing });
    } catch (thrown) {
      refuse(one, thrown);
    }
  }
  writing.settle();
  const jobs: AwayJob[] = [];
  for (const one of listAway(project, bundle.id)) {
    await pace();
    jobs.push(describeJob(folder, one, hasBegun(one), lives));
  }
  // Also where an earlier merge was killed before it came to this.
  if (writing.ended.length > 0 || areAllBack({ jobs })) tellEnded(workplace, bundle, writing.ended);
  return { bundle, jobs, refused };
}

/** A study is looked at once for all jobs that have ended, as its runs may be very many. */
function tellEnded(workplace: Workplace, { study }: Bundle, ended: readonly string[]): void {
  const { runIds, studyIds } = refreshStudy(workplace.project, study.id);
  tellChanges(workplace, { runIds: [...ended, ...runIds], studyIds: [...new Set([study.id, ...studyIds])] });
}

/** The journal of a job, as far as it was read, and what of it could not be taken over yet. */
interface Followed {
  journal: JournalFollower;
  waiting: JournalEntry[];
}

interface JobMerging {
  workplace: Workplace;
  folder: string;
  one: AwayRun;
  readData: typeof readRunData;
  followed: Map<string, Followed>;
  writing: Writing;
}

async function mergeJob(merging: JobMerging): Promise<void> {
  const { workplace, folder, one, readData, followed, writing } = merging;
  const { project } = workplace;
  const needs = listNeeds(project, one.runId);
  if (needs.some((id) => writing.waits(id))) writing.settle();
  // What its weights come from is not back yet: so is not this.
  if (needs.some((id) => getRun(project, id).run.status !== 'done')) return;
  const file = journalFile(folder, one.job);
  const { journal, waiting: news } = follow(followed, file, one.merged);
  if (news.length === 0) return;
  const stored = getRun(project, one.runId);
  const { milestones } = journal;
  const end = milestones.at(-1);
  const ending = end?.type === 'end' ? end : null;
  // Reading its data anew takes long where they are many, and changes nothing while a job only goes on.
  const isTurn = one.merged === 0 || ending !== null || news.some(({ type }) => type === 'begin');
  const prepared = isTurn ? await prepareJob(project, stored, { readData }) : null;
  if (prepared && one.merged === 0)
    requireSamePlan(stored, readChecked(jobFile(folder, one.job), packedJobSchema), prepared);
  if (prepared) requireSameStart(stored, milestones, prepared);
  if (news.some(({ type }) => type === 'begin'))
    requireOwnResults(folder, readChecked(jobFile(folder, one.job), packedJobSchema), milestones);

  const results = resultFolder(folder, one.job);
  const { live } = positionOf(stored.run.kind, milestones);
  const models = ending ? wordsOf(milestones, 'model').slice(-1) : [];
  for (const { answers, others = [] } of wordsOf(news, 'result'))
    for (const kept of [answers, ...others.map((other) => other.answers)])
      if (kept) await bringFile(results, project.folder, 'answers', kept);
  if (ending) {
    for (const note of live) await bringFile(results, project.folder, 'checkpoints', note);
    for (const model of models) await bringModel(results, project.folder, model);
  }
  writing.add({
    one,
    ended: ending !== null,
    write() {
      // Somebody may have taken it back meanwhile, or packed it anew.
      if (findAway(project, one.bundle, one.runId)?.status !== 'away') return [];
      record(workplace, stored, prepared, news);
      const old = ending ? takeOver(workplace, one.runId, live, models) : [];
      setMerged(project, one.runId, journal.lines);
      return ending ? [...old, ...conclude(workplace, one.runId, ending)] : old;
    },
    written() {
      if (ending) followed.delete(file);
      else followed.set(file, { journal, waiting: [] });
    },
  });
}

/** @param merged lines that the project has already */
function follow(followed: Map<string, Followed>, file: string, merged: number): Followed {
  const known = followed.get(file);
  const isAhead = known && known.journal.lines - known.waiting.length === merged;
  const { journal, waiting } = isAhead ? known : { journal: followJournal(file), waiting: [] };
  const linesBefore = journal.lines;
  const read = journal.read();
  // Read from its beginning: for the first time, or as another stands in its place.
  const isAnew = journal.lines < linesBefore + read.length || !isAhead;
  const now = { journal, waiting: isAnew ? read.slice(merged) : [...waiting, ...read] };
  followed.set(file, now);
  return now;
}

/** Replays what was said, as if a trainer here had just said it. */
function record(
  workplace: Workplace,
  stored: StoredRun,
  prepared: PreparedJob | null,
  news: readonly JournalEntry[],
): void {
  const { project } = workplace;
  const { run } = stored;
  let seconds = run.seconds;
  const before = run.seconds;
  const recorder = createRecorder(workplace, run.id, () => seconds);
  for (const entry of news) {
    if (entry.type === 'begin' && prepared) {
      recorder.flush();
      recordStart(project, stored, prepared, entry.resumeStep);
      updateRun(project, run.id, {
        startedAt: getRun(project, run.id).run.startedAt ?? entry.at,
        failure: null,
        environment: { ...getRun(project, run.id).run.environment, computedOn: entry.host },
      });
    }
    if (entry.type !== 'said') continue;
    seconds = Math.max(before, entry.seconds);
    if (isCurve(entry.message)) recorder.hear(entry.message);
  }
  recorder.flush();
  updateRun(project, run.id, { seconds });
}

/** Checkpoints and models wait until a job has ended, as newer ones take the place of older ones meanwhile. */
const isCurve = (message: FromTrainer): message is RunWord =>
  ['environment', 'progress', 'metrics', 'finding', 'probe', 'transfer', 'result'].includes(message.type);

function takeOver(
  workplace: Workplace,
  runId: string,
  live: readonly CheckpointNote[],
  models: readonly ModelNote[],
): string[] {
  const { project } = workplace;
  const known = new Set(listCheckpoints(project, runId).map(({ sha256 }) => sha256));
  const superfluous = live
    .filter(({ sha256 }) => !known.has(sha256))
    .flatMap((note) => registerCheckpoint(project, runId, note, idOfCheckpoint(note.sha256)).superfluous);
  const recorder = createRecorder(workplace, runId, () => getRun(project, runId).run.seconds);
  for (const model of models) recorder.hear({ type: 'model', ...model });
  return superfluous;
}

/** What the end of a job means for its run; its study is looked at once all jobs were. */
function conclude(
  { project }: Workplace,
  runId: string,
  { ending, failure }: JournalEntry & { type: 'end' },
): string[] {
  if (ending === 'done') {
    updateRun(project, runId, { status: 'done', failure: null, finishedAt: timestamp() });
    return dropSuperseded(project, runId);
  }
  // It may be submitted again, alone, and what waits for it elsewhere with it: until then the run says what happened.
  if (ending === 'failed') updateRun(project, runId, { failure: failure ?? null });
  return [];
}

function wordsOf<Type extends FromTrainer['type']>(entries: readonly JournalEntry[], type: Type) {
  return entries.flatMap((entry) =>
    entry.type === 'said' && entry.message.type === type
      ? [entry.message as Extract<FromTrainer, { type: Type }>]
      : [],
  );
}
