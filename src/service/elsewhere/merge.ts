/**
 * Brings back what jobs of a bundle have found: curves and scores as they are written, checkpoints and models once a job
 * has ended. Jobs come in any order, and twice without harm; a job counts only for the run that it was packed from, as
 * long as that run is away and its data are the same.
 */
import {
  resultFolder,
  journalFile,
  jobFile,
  readBundle,
  readChecked,
  statusFile,
} from '../../bundle/files.ts';
import { idOfCheckpoint } from '../../bundle/job.ts';
import { readJournal } from '../../bundle/journal.ts';
import { positionOf } from '../../bundle/position.ts';
import { readStatus } from '../../bundle/status.ts';
import { packedJobSchema, type Bundle, type PackedJob } from '../../contract/elsewhere/bundle.ts';
import type { JournalEntry } from '../../contract/elsewhere/journal.ts';
import type { AwayJob, MergeReport } from '../../contract/elsewhere/away.ts';
import { PretextError, toFailure, type Failure } from '../../contract/errors.ts';
import type { CheckpointNote, FromTrainer } from '../../contract/messages/trainer.ts';
import type { ModelNote } from '../../contract/model/model.ts';
import {
  dropSuperseded,
  findAway,
  findStudy,
  getRun,
  inTransaction,
  listAway,
  listCheckpoints,
  listNeeds,
  registerCheckpoint,
  setMerged,
  updateRun,
  type AwayRun,
  type StoredRun,
} from '../../project/index.ts';
import { deleteCheckpointFiles } from '../runs/checkpoint-files.ts';
import { prepareJob, type PreparedJob } from '../runs/jobs.ts';
import { createRecorder, recordStart, type RunWord } from '../runs/record.ts';
import type { readRunData } from '../runs/run-data.ts';
import { change, endRun, tellChanges } from '../studies/transitions.ts';
import { logFailure } from '../workplace/log.ts';
import type { Workplace } from '../workplace/workplace.ts';
import { bringFile, bringModel } from './bring.ts';
import { planOf } from './plan.ts';
import { readOnce } from './run-data-once.ts';

/** @throws PretextError where the folder is no bundle, or one of another project */
export async function mergeBundle(workplace: Workplace, folder: string): Promise<MergeReport> {
  const { project, log } = workplace;
  const bundle = readBundle(folder);
  const away = listAway(project, bundle.id);
  requireOurs(workplace, folder, bundle, away);
  const readData = readOnce();
  const jobs: AwayJob[] = [];
  const refused: MergeReport['refused'] = [];
  // Pretraining stands before what begins with it.
  for (const one of away) {
    const { run } = getRun(project, one.runId);
    try {
      await mergeJob({ workplace, folder, one, readData });
    } catch (thrown) {
      const failure = toFailure(thrown);
      logFailure(log, failure, thrown, `the job ${run.name} could not be merged`);
      refused.push({ name: run.name, failure });
    }
    jobs.push(describe(workplace, folder, findAway(project, bundle.id, one.runId) ?? one));
  }
  return { bundle, jobs, refused };
}

interface Merging {
  workplace: Workplace;
  folder: string;
  one: AwayRun;
  readData: typeof readRunData;
}

async function mergeJob({ workplace, folder, one, readData }: Merging): Promise<void> {
  const { project } = workplace;
  const stored = getRun(project, one.runId);
  if (stored.run.status !== 'away') return;
  const entries = readJournal(journalFile(folder, one.job));
  if (entries.length <= one.merged) return;
  // What its weights come from is not back yet: so is not this.
  if (listNeeds(project, one.runId).some((id) => getRun(project, id).run.status !== 'done')) return;
  const prepared = await prepareJob(project, stored, { readData });
  const packed = readChecked(jobFile(folder, one.job), packedJobSchema);
  if (one.merged === 0) requireSamePlan(stored, packed, prepared);
  requireSameStart(stored, entries, prepared);

  const results = resultFolder(folder, one.job);
  const news = entries.slice(one.merged);
  const ending = entries.at(-1)?.type === 'end' ? (entries.at(-1) as JournalEntry & { type: 'end' }) : null;
  const { live } = positionOf(stored.run.kind, entries);
  const models = ending ? wordsOf(entries, 'model').slice(-1) : [];
  for (const { answers } of wordsOf(news, 'result'))
    if (answers) await bringFile(results, project.folder, 'answers', answers);
  if (ending) {
    for (const note of live) await bringFile(results, project.folder, 'checkpoints', note);
    for (const model of models) await bringModel(results, project.folder, model);
  }
  const superfluous = inTransaction(project, () => {
    record(workplace, stored, prepared, news);
    const old = ending ? takeOver(workplace, one.runId, live, models) : [];
    setMerged(project, one.runId, entries.length);
    return old;
  });
  deleteCheckpointFiles(workplace, superfluous);
  if (ending) conclude(workplace, one.runId, ending);
}

/** Replays what was said, as if a trainer here had just said it. */
function record(
  workplace: Workplace,
  stored: StoredRun,
  prepared: PreparedJob,
  news: readonly JournalEntry[],
): void {
  const { project } = workplace;
  const { run } = stored;
  let seconds = run.seconds;
  const before = run.seconds;
  const recorder = createRecorder(workplace, run.id, () => seconds);
  for (const entry of news) {
    if (entry.type === 'begin') {
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

function conclude(workplace: Workplace, runId: string, end: Extract<JournalEntry, { type: 'end' }>): void {
  const { project } = workplace;
  if (end.ending === 'done') {
    tellChanges(workplace, endRun(project, runId, { status: 'done' }));
    deleteCheckpointFiles(workplace, dropSuperseded(project, runId));
  }
  // It may be submitted again, alone, and what waits for it elsewhere with it: until then the run says what happened.
  if (end.ending === 'failed')
    tellChanges(workplace, change(project, runId, { failure: end.failure ?? null }));
}

function wordsOf<Type extends FromTrainer['type']>(entries: readonly JournalEntry[], type: Type) {
  return entries.flatMap((entry) =>
    entry.type === 'said' && entry.message.type === type
      ? [entry.message as Extract<FromTrainer, { type: Type }>]
      : [],
  );
}

function describe({ project }: Workplace, folder: string, { runId, job, merged }: AwayRun): AwayJob {
  const { run } = getRun(project, runId);
  const status = readStatus(statusFile(folder, job));
  const isLeft = run.status !== 'away' && run.status !== 'done';
  const failure: Failure | null = status?.failure ?? null;
  return {
    job,
    runId,
    name: run.name,
    state: isLeft ? 'left' : (status?.state ?? 'waiting'),
    merged: run.status === 'done' ? 'all' : merged > 0 ? 'some' : 'nothing',
    host: status?.host ?? null,
    failure,
  };
}

function requireOurs(
  { project }: Workplace,
  folder: string,
  { study, project: name }: Bundle,
  away: readonly AwayRun[],
): void {
  if (away.length > 0) return;
  const isHere = findStudy(project, study.id) !== null;
  throw new PretextError({
    code: isHere ? 'bundle.taken-back' : 'bundle.other-project',
    message: isHere
      ? `All runs of this bundle were packed again since, or removed: it belongs to nothing any more.`
      : `This bundle belongs to the study “${study.name}” of the project “${name}”, which is not in this project.`,
    place: folder,
    remedy: isHere ? 'Merge the latest bundle of the study.' : 'Name the project that it was packed from.',
  });
}

function requireSamePlan({ run }: StoredRun, packed: PackedJob, prepared: PreparedJob): void {
  if (packed.runId === run.id && packed.plan === planOf(prepared)) return;
  throw new PretextError({
    code: 'bundle.other-run',
    message:
      packed.selectionHash === prepared.selectionHash
        ? 'The job computes something else than this run: its settings differ.'
        : 'The samples, labels or splits of its data changed since the job was packed.',
    place: run.name,
    remedy: 'Pack the study again.',
  });
}

/** A job begins with the very weights that the project has of the run before it. */
function requireSameStart({ run }: StoredRun, entries: readonly JournalEntry[], { job }: PreparedJob): void {
  if (job.kind !== 'finetune') return;
  const other = entries.find((entry) => entry.type === 'begin' && entry.startsFrom !== job.checkpoint);
  if (!other) return;
  throw new PretextError({
    code: 'bundle.other-weights',
    message: 'The job began with other weights than those that this project has.',
    place: run.name,
    remedy: 'Pack the study again: its pretraining was computed twice, with different results.',
  });
}
