/** Runs: one pretext training or one fine-tuning, in the order of the queue. */
import { and, asc, desc, eq, inArray, isNull, max, ne, or, sql } from 'drizzle-orm';
import type { Finding, Progress, Run, RunStatus } from '../../../contract/entities.ts';
import { PretextError, type Failure } from '../../../contract/errors.ts';
import { knownFields } from '../../../contract/known-fields.ts';
import { RUN_CONFIG_SCHEMAS, type RunConfig } from '../../../contract/recipe/run-config.ts';
import type { ReadableProject, WritableProject } from '../../database.ts';
import { newId, timestamp } from '../../identity.ts';
import { checkpointTable, runNeedTable, runTable, studyTable } from '../../schema.ts';

type Row = typeof runTable.$inferSelect;

/** A run with what only the service needs. */
export interface StoredRun {
  run: Run;
  /**
   * The frozen configuration, checked when it is first asked for.
   *
   * @throws PretextError `run.unreadable` where the project holds something else
   */
  readonly config: RunConfig;
  /** Hash of the samples, labels and splits it was started with; null until it starts. */
  selectionHash: string | null;
  /** How often it was restarted since it last got further. */
  restarts: number;
}

export interface NewRun {
  studyId: string;
  kind: Run['kind'];
  /** First part of the name: the task or the arm. */
  title: string;
  status?: RunStatus;
  task: string | null;
  arm: Run['arm'];
  budget: Run['budget'];
  datasets: string[];
  checkpointId: string | null;
  config: RunConfig;
  making?: Run['making'];
  /** Runs that must be done before this one starts. */
  needs: string[];
}

/** One run of a study's plan; `afterPretext`: which of its pretext runs it waits for, from 0. */
export interface PlannedRun extends Omit<NewRun, 'studyId' | 'status' | 'needs'> {
  afterPretext: number | null;
}

/** Adds a run at the end of the queue. Call it inside a transaction with the other runs of its study. */
export function insertRun(
  project: WritableProject,
  { title, needs, status, ...run }: NewRun,
  numbers: Numbers = new Map(),
): Run {
  const id = newId();
  const number = numbers.get(title) ?? freeNumber(project, title);
  numbers.set(title, number + 1);
  const last =
    project.database
      .select({ position: max(runTable.position) })
      .from(runTable)
      .get()?.position ?? 0;
  project.database
    .insert(runTable)
    .values({
      ...run,
      id,
      position: last + 1,
      name: `${title}-${number}`,
      status: status ?? (run.config.device.on && run.config.device.on !== 'here' ? 'paused' : 'queued'),
      createdAt: timestamp(),
    })
    .run();
  for (const neededRunId of needs)
    project.database.insert(runNeedTable).values({ runId: id, neededRunId }).run();
  return getRun(project, id).run;
}

/** Adds planned runs, each after the pretext run that it starts from. Returns their ids. Call it inside a transaction. */
export function insertRuns(
  project: WritableProject,
  studyId: string,
  planned: readonly PlannedRun[],
): string[] {
  const pretext: string[] = [];
  const numbers: Numbers = new Map();
  return planned.map(({ afterPretext, ...plan }) => {
    const needed = afterPretext === null ? undefined : pretext[afterPretext];
    const needs = needed === undefined ? [] : [needed];
    const run = insertRun(project, { ...plan, studyId, needs }, numbers);
    if (run.kind === 'pretext') pretext.push(run.id);
    return run.id;
  });
}

export function listRuns(project: ReadableProject): Run[] {
  return visibleRuns(project).map((row) => toStored(row).run);
}

export function listRunsOf(project: ReadableProject, studyId: string): StoredRun[] {
  return project.database
    .select()
    .from(runTable)
    .where(eq(runTable.studyId, studyId))
    .orderBy(asc(runTable.position))
    .all()
    .map(toStored);
}

/** A run by its id or its name; null when there is none. */
export function findRun(project: ReadableProject, idOrName: string): StoredRun | null {
  const row = namedRun(project).get({ idOrName });
  return row ? toStored(row) : null;
}

/** Runs are looked up many times for each of them: the query is made once for each open project. */
const namedRuns = new WeakMap<ReadableProject, ReturnType<typeof prepareNamedRun>>();

function namedRun(project: ReadableProject): ReturnType<typeof prepareNamedRun> {
  const prepared = namedRuns.get(project) ?? prepareNamedRun(project);
  namedRuns.set(project, prepared);
  return prepared;
}

const prepareNamedRun = ({ database }: ReadableProject) =>
  database
    .select()
    .from(runTable)
    .where(or(eq(runTable.id, sql.placeholder('idOrName')), eq(runTable.name, sql.placeholder('idOrName'))))
    .prepare();

/** A run by its id or its name. Throws `run.missing`. */
export function getRun(project: ReadableProject, idOrName: string): StoredRun {
  const found = findRun(project, idOrName);
  if (!found) throw missingRun(idOrName);
  return found;
}

export function listNeeds(project: ReadableProject, runId: string): string[] {
  const rows = project.database
    .select({ id: runNeedTable.neededRunId })
    .from(runNeedTable)
    .where(eq(runNeedTable.runId, runId))
    .all();
  return rows.map(({ id }) => id);
}

/** Runs that wait for this one, directly. */
export function listDependents(project: ReadableProject, runId: string): string[] {
  const rows = project.database
    .select({ id: runNeedTable.runId })
    .from(runNeedTable)
    .where(eq(runNeedTable.neededRunId, runId))
    .all();
  return rows.map(({ id }) => id);
}

/** The first run that could start now: it waits, its study's data is there, all it needs is done. */
export function nextReadyRun(project: ReadableProject): StoredRun | null {
  // One row is taken apart, however many wait.
  const ready = project
    .prepare(
      `SELECT runs.id
         FROM runs JOIN studies ON studies.id = runs.study_id
        WHERE runs.status IN ('queued', 'interrupted') AND studies.removed_at IS NULL
          AND (runs.making IS NOT NULL OR studies.status NOT IN ('importing', 'failed', 'cancelled'))
          AND NOT EXISTS (
            SELECT 1
              FROM run_needs LEFT JOIN runs AS needed ON needed.id = run_needs.needed_run_id
             WHERE run_needs.run_id = runs.id AND needed.status IS NOT 'done')
        ORDER BY runs.position
        LIMIT 1`,
    )
    .get() as { id: string } | undefined;
  return ready ? getRun(project, ready.id) : null;
}

export function listRunsWith(project: ReadableProject, statuses: readonly RunStatus[]): StoredRun[] {
  return visibleRuns(project, statuses).map(toStored);
}

/** At most so many that are done, the last first. */
export function listLastDone(project: ReadableProject, most: number): StoredRun[] {
  return project.database
    .select()
    .from(runTable)
    .where(eq(runTable.status, 'done'))
    .orderBy(desc(runTable.position))
    .limit(most)
    .all()
    .map(toStored);
}

/** Of studies that are hidden as well. */
export function listRunIdsWith(project: ReadableProject, status: RunStatus): string[] {
  return project
    .prepare('SELECT id FROM runs WHERE status = ? ORDER BY position')
    .pluck()
    .all(status) as string[];
}

/** Other runs whose results depend on exactly the same, the first made first; not those that wait to be deleted. */
export function listTwins(project: ReadableProject, identity: string, runId: string): StoredRun[] {
  return project.database
    .select({ run: runTable })
    .from(runTable)
    .innerJoin(studyTable, eq(studyTable.id, runTable.studyId))
    .where(and(eq(runTable.identity, identity), ne(runTable.id, runId), isNull(studyTable.removedAt)))
    .orderBy(asc(runTable.position))
    .all()
    .map(({ run }) => toStored(run));
}

export interface RunChange {
  status?: RunStatus;
  failure?: Failure | null;
  progress?: Progress | null;
  environment?: Run['environment'];
  checkpointId?: string | null;
  config?: RunConfig;
  selectionHash?: string | null;
  identity?: string;
  reused?: Run['reused'];
  restarts?: number;
  startedAt?: string | null;
  finishedAt?: string | null;
  seconds?: number;
  findings?: Finding[];
}

export function updateRun(project: WritableProject, runId: string, change: RunChange): Run {
  project.database.update(runTable).set(change).where(eq(runTable.id, runId)).run();
  return getRun(project, runId).run;
}

/** After the death of a service: its running runs were interrupted. Returns them. */
export function interruptRunningRuns(project: WritableProject): Run[] {
  const running = listRunsWith(project, ['running']);
  return running.map(({ run }) => updateRun(project, run.id, { status: 'interrupted' }));
}

/** The run that made a checkpoint; null when either is gone. */
export function findRunOfCheckpoint(project: ReadableProject, checkpointId: string): StoredRun | null {
  const row = project.database
    .select({ runId: checkpointTable.runId })
    .from(checkpointTable)
    .where(eq(checkpointTable.id, checkpointId))
    .get();
  return row ? getRun(project, row.runId) : null;
}

function visibleRuns(project: ReadableProject, statuses?: readonly RunStatus[]): Row[] {
  const rows = project.database
    .select({ run: runTable })
    .from(runTable)
    .innerJoin(studyTable, eq(studyTable.id, runTable.studyId))
    .where(and(isNull(studyTable.removedAt), statuses && inArray(runTable.status, [...statuses])))
    .orderBy(asc(runTable.position))
    .all();
  return rows.map(({ run }) => run);
}

/** By title, the next number that is free: of many runs it is looked up once. */
type Numbers = Map<string, number>;

function freeNumber(project: ReadableProject, title: string): number {
  const last = project
    .prepare('SELECT max(CAST(substr(name, ?) AS INTEGER)) FROM runs WHERE name > ? AND name < ?')
    .pluck()
    // A full stop follows the hyphen in the order of letters.
    .get(title.length + 2, `${title}-`, `${title}.`) as number | null;
  return (last ?? 0) + 1;
}

function toStored(row: Row): StoredRun {
  const { config, selectionHash, restarts, position: _position, identity: _identity, ...run } = row;
  let checked: RunConfig | undefined;
  return {
    run,
    get config() {
      return (checked ??= checkConfig(run, config));
    },
    selectionHash,
    restarts,
  };
}

function checkConfig({ kind, name }: Pick<Run, 'kind' | 'name'>, stored: unknown): RunConfig {
  const schema = RUN_CONFIG_SCHEMAS[kind];
  const { success, data, error } = schema.safeParse(knownFields(schema, stored));
  if (success) return data;
  const [issue] = error.issues;
  throw new PretextError({
    code: 'run.unreadable',
    message: `The settings of the run “${name}” are not as the program writes them (${issue?.path.join('.') || 'all of them'}: ${issue?.message}).`,
    place: name,
    remedy: 'The project may be damaged, or from a newer version of the program. Start the study anew.',
  });
}

function missingRun(idOrName: string): PretextError {
  return new PretextError({
    code: 'run.missing',
    message: `There is no run “${idOrName}” in this project.`,
    place: idOrName,
    remedy: 'Look at the list of runs for its id or name.',
  });
}
