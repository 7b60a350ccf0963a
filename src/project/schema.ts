/** The tables of project.db as Drizzle sees them. The SQL in migrations/ makes them; a test holds both together. */
import {
  blob,
  customType,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
} from 'drizzle-orm/sqlite-core';
import type { EngineId } from '../contract/elsewhere/engine.ts';
import type {
  Dataset,
  Finding,
  ImportIssue,
  MetricPoint,
  Progress,
  Run,
  Study,
  TransferReport,
} from '../contract/entities.ts';
import type { RecordedMark, RecordedStretch } from '../contract/data/recordings/recordings.ts';
import type { Failure } from '../contract/errors.ts';
import type { BestBy, ImportOptions, LabelBudget, Recipe } from '../contract/recipe/recipe.ts';
import type { ProbeKind } from '../contract/recipe/probe.ts';
import type { Model } from '../contract/model/model.ts';
import type { RunConfig } from '../contract/recipe/run-config.ts';
import type { ResultRow } from '../contract/results/result.ts';
import type { StudyFacts } from '../contract/results/study-facts.ts';
import { parseDocument } from './stored-document.ts';

/** A document; one that is none any more says so. */
const json = <T>(name: string) =>
  customType<{ data: T; driverData: string }>({
    dataType: () => 'text',
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (document) => parseDocument<T>(document, name),
  })(name);

export const projectTable = sqliteTable('project', {
  id: integer('id').primaryKey(),
  name: text('name').notNull(),
  createdAt: text('created_at').notNull(),
  createdWith: text('created_with').notNull(),
});

export const datasetTable = sqliteTable('datasets', {
  key: integer('key').primaryKey({ autoIncrement: true }),
  id: text('id').notNull().unique(),
  name: text('name').notNull(),
  modality: text('modality').$type<Dataset['modality']>().notNull(),
  shape: json<number[]>('shape').notNull(),
  dtype: text('dtype').$type<Dataset['dtype']>().notNull(),
  sampleCount: integer('sample_count').notNull(),
  labeledCount: integer('labeled_count').notNull(),
  target: text('target').$type<Dataset['target']>().notNull(),
  classes: json<Dataset['classes']>('classes').notNull(),
  split: json<Dataset['split']>('split').notNull(),
  channelNames: json<string[]>('channel_names'),
  channelUnits: json<NonNullable<Dataset['channelUnits']>>('channel_units'),
  samplingRate: real('sampling_rate'),
  columns: json<NonNullable<Dataset['columns']>>('columns'),
  channelStatistics: json<Dataset['channelStatistics']>('channel_statistics').notNull(),
  leftOutCount: integer('left_out_count').notNull(),
  notedCount: integer('noted_count').notNull(),
  source: text('source').notNull(),
  importOptions: json<ImportOptions>('import_options').notNull(),
  shard: text('shard').notNull(),
  bytes: integer('bytes').notNull(),
  importSeconds: real('import_seconds').notNull(),
  createdAt: text('created_at').notNull(),
  removedAt: text('removed_at'),
  copies: json<NonNullable<Dataset['copies']>>('copies'),
  labels: json<NonNullable<Dataset['labels']>>('labels'),
  partedGroups: integer('parted_groups'),
  copySearch: integer('copy_search').notNull().default(0),
});

export const issueTable = sqliteTable(
  'issues',
  {
    datasetKey: integer('dataset_key').notNull(),
    position: integer('position').notNull(),
    file: text('file').notNull(),
    row: integer('row'),
    reason: text('reason').notNull(),
    message: text('message').notNull(),
    severity: text('severity').$type<ImportIssue['severity']>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.datasetKey, table.position] })],
);

export const recordingTable = sqliteTable(
  'recordings',
  {
    datasetKey: integer('dataset_key').notNull(),
    number: integer('number').notNull(),
    path: text('path').notNull(),
    byteOffset: integer('byte_offset').notNull(),
    rowCount: integer('row_count').notNull(),
    begun: text('begun'),
    subject: text('subject'),
    stretches: json<RecordedStretch[]>('stretches').notNull(),
  },
  (table) => [primaryKey({ columns: [table.datasetKey, table.number] })],
);

export const recordingMarkTable = sqliteTable(
  'recording_marks',
  {
    datasetKey: integer('dataset_key').notNull(),
    recording: integer('recording').notNull(),
    position: integer('position').notNull(),
    kind: text('kind').$type<RecordedMark['kind']>().notNull(),
    name: text('name').notNull(),
    channel: text('channel'),
    firstRow: integer('first_row').notNull(),
    endRow: integer('end_row').notNull(),
  },
  (table) => [primaryKey({ columns: [table.datasetKey, table.recording, table.position] })],
);

export const studyTable = sqliteTable('studies', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  recipe: json<Recipe>('recipe').notNull(),
  recipeHash: text('recipe_hash').notNull(),
  baseFolder: text('base_folder'),
  status: text('status').$type<Study['status']>().notNull(),
  failure: json<Failure>('failure'),
  importSeconds: real('import_seconds').notNull().default(0),
  createdAt: text('created_at').notNull(),
  finishedAt: text('finished_at'),
  removedAt: text('removed_at'),
  facts: json<StudyFacts>('facts'),
  labelVersions: json<Record<string, number>>('label_versions'),
});

export const runTable = sqliteTable(
  'runs',
  {
    id: text('id').primaryKey(),
    studyId: text('study_id').notNull(),
    /** Order in the queue. */
    position: integer('position').notNull().unique(),
    kind: text('kind').$type<Run['kind']>().notNull(),
    name: text('name').notNull().unique(),
    status: text('status').$type<Run['status']>().notNull(),
    task: text('task'),
    arm: text('arm').$type<NonNullable<Run['arm']>>(),
    budget: json<LabelBudget>('budget'),
    datasets: json<string[]>('datasets').notNull(),
    checkpointId: text('checkpoint_id'),
    progress: json<Progress>('progress'),
    failure: json<Failure>('failure'),
    environment: json<NonNullable<Run['environment']>>('environment'),
    config: json<RunConfig>('config').notNull(),
    selectionHash: text('selection_hash'),
    restarts: integer('restarts').notNull().default(0),
    createdAt: text('created_at').notNull(),
    startedAt: text('started_at'),
    finishedAt: text('finished_at'),
    seconds: real('seconds').notNull().default(0),
    findings: json<Finding[]>('findings').notNull().default([]),
    /** Hash of all that its results depend on, seeds apart; null until it starts. */
    identity: text('identity'),
    reused: json<NonNullable<Run['reused']>>('reused'),
    making: text('making').$type<NonNullable<Run['making']>>(),
  },
  (table) => [
    index('runs_by_study').on(table.studyId, table.position),
    index('runs_by_identity').on(table.identity),
  ],
);

export const runNeedTable = sqliteTable(
  'run_needs',
  { runId: text('run_id').notNull(), neededRunId: text('needed_run_id').notNull() },
  (table) => [primaryKey({ columns: [table.runId, table.neededRunId] })],
);

export const awayRunTable = sqliteTable('away_runs', {
  runId: text('run_id').primaryKey(),
  bundle: text('bundle').notNull(),
  job: integer('job').notNull(),
  merged: integer('merged').notNull().default(0),
  packedAt: text('packed_at').notNull(),
});

export const bundleTable = sqliteTable('bundles', {
  id: text('id').primaryKey(),
  studyId: text('study_id').notNull(),
  folder: text('folder').notNull(),
  jobs: integer('jobs').notNull(),
  engine: text('engine').$type<EngineId>(),
  packedAt: text('packed_at').notNull(),
});

export const metricTable = sqliteTable(
  'metrics',
  {
    runId: text('run_id').notNull(),
    step: integer('step').notNull(),
    epoch: real('epoch').notNull(),
    values: json<MetricPoint['values']>('values').notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.step] })],
);

export const checkpointTable = sqliteTable('checkpoints', {
  id: text('id').primaryKey(),
  runId: text('run_id').notNull(),
  kind: text('kind').$type<'last' | 'best' | 'member'>().notNull(),
  step: integer('step').notNull(),
  epoch: real('epoch').notNull(),
  file: text('file').notNull(),
  bytes: integer('bytes').notNull(),
  sha256: text('sha256').notNull(),
  score: real('score'),
  scoreOf: text('score_of').$type<BestBy>(),
  superseded: integer('superseded', { mode: 'boolean' }).notNull().default(false),
  createdAt: text('created_at').notNull(),
});

export const transferTable = sqliteTable('transfers', {
  id: text('id').primaryKey(),
  runId: text('run_id').notNull().unique(),
  checkpointId: text('checkpoint_id').notNull(),
  report: json<TransferReport>('report').notNull(),
  createdAt: text('created_at').notNull(),
});

export const resultTable = sqliteTable(
  'results',
  {
    runId: text('run_id').notNull(),
    /** The place of the dataset among those of the run. */
    head: integer('head').notNull().default(0),
    seed: integer('seed').notNull(),
    result: json<ResultRow>('result').notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.head, table.seed] })],
);

export const answersTable = sqliteTable(
  'answers',
  {
    runId: text('run_id').notNull(),
    /** The place of the dataset among those of the run. */
    head: integer('head').notNull().default(0),
    seed: integer('seed').notNull(),
    file: text('file').notNull(),
    bytes: integer('bytes').notNull(),
    sha256: text('sha256').notNull(),
    influences: blob('influences', { mode: 'buffer' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.head, table.seed] })],
);

export const modelTable = sqliteTable(
  'models',
  {
    id: text('id').primaryKey(),
    runId: text('run_id').notNull(),
    bytes: integer('bytes').notNull(),
    model: json<Model>('model').notNull(),
    createdAt: text('created_at').notNull(),
  },
  (table) => [index('models_by_run').on(table.runId)],
);

export const probeTable = sqliteTable(
  'probes',
  {
    runId: text('run_id').notNull(),
    probe: text('probe').$type<ProbeKind>().notNull(),
    resamples: json<number[]>('resamples').notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.probe] })],
);

export const requestTable = sqliteTable('requests', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  action: text('action').$type<'pause' | 'resume' | 'cancel'>().notNull(),
  runId: text('run_id'),
  studyId: text('study_id'),
  createdAt: text('created_at').notNull(),
  handledAt: text('handled_at'),
  failure: json<Failure>('failure'),
});

export const leaseTable = sqliteTable('lease', {
  id: integer('id').primaryKey(),
  token: text('token').notNull(),
  pid: integer('pid').notNull(),
  host: text('host').notNull(),
  heartbeatMs: integer('heartbeat_ms').notNull(),
  birth: text('birth'),
});

export const importTable = sqliteTable('imports', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  pid: integer('pid').notNull(),
  host: text('host').notNull(),
  birth: text('birth'),
  startedAt: text('started_at').notNull(),
  heartbeatMs: integer('heartbeat_ms').notNull(),
});
