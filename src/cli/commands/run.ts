import type { Command } from 'commander';
import { IMPORT_HELD, type Checkpoint, type Run, type Study } from '../../contract/entities.ts';
import { PretextError, formatFailure } from '../../contract/errors.ts';
import { partsText, stepProfile } from '../../contract/results/step-profile.ts';
import type { Client } from '../../client/service.ts';
import { NotDone, printJson, printLine, say, UsageError, type Environment } from '../environment.ts';
import { findingText } from '../words/finding-text.ts';
import { follow, isOver } from '../session/follow.ts';
import { projectFolder, withService, type ProjectOption } from '../session/session.ts';
import { bytes, duration, table } from '../words/text.ts';

type Options = ProjectOption & { json?: boolean };
type AllOptions = Options & { all?: boolean };

const PAUSING = 'Pausing: the checkpoint is being written. Ctrl-C again ends at once.';

export function addRunCommands(program: Command, environment: Environment): void {
  program
    .command('runs')
    .description('list the runs')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print one JSON document')
    .action(async (options: Options) => {
      const folder = projectFolder(environment, options);
      const runs = await withService(environment, { folder }, (client) => client.run.list());
      if (options.json) printJson(environment, { project: folder, runs });
      else printLine(environment, runTable(runs));
    });
  const run = program.command('run').description('One run, by its id or its name');
  addShow(run, environment);
  addPause(run, environment);
  addCancel(run, environment);
  run
    .command('resume [run]')
    .description(
      'go on with a paused run or try a failed one again, here unless another program runs this project’s queue',
    )
    .option('--all', 'every paused or interrupted run')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print the run, or with --all the runs, as one JSON document')
    .action(async (runId: string | undefined, options: AllOptions) => {
      const folder = projectFolder(environment, options);
      if (isAll(runId, options)) return resumeAll(environment, folder, options);
      const ended = await withService(environment, { folder, queue: 'on' }, (client) =>
        resume(environment, client, runId!),
      );
      if (options.json) printJson(environment, ended);
      else printLine(environment, `${ended.name}: ${ended.status}`);
      if (ended.failure) throw new PretextError(ended.failure);
      if (ended.status === 'paused') throw new NotDone('Paused. Resume it again to go on.');
    });
}

function addShow(run: Command, environment: Environment): void {
  run
    .command('show <run>')
    .description('show a run: status, progress, settings, checkpoints')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print one JSON document')
    .action(async (runId: string, options: Options) => {
      const folder = projectFolder(environment, options);
      const shown = await withService(environment, { folder }, (client) => client.run.get({ runId }));
      if (options.json) printJson(environment, shown);
      else printLine(environment, runText(shown));
    });
}

function addPause(run: Command, environment: Environment): void {
  run
    .command('pause [run]')
    .description('pause a run, its checkpoint is written first; or all')
    .option('--all', 'every run that waits or runs')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print the run, or with --all the runs, as one JSON document')
    .action(async (runId: string | undefined, options: AllOptions) => {
      const folder = projectFolder(environment, options);
      if (!isAll(runId, options)) return printChanged(environment, options, folder, 'pause', runId!);
      const runs = await withService(environment, { folder }, (client) => client.run.pauseAll({}));
      if (options.json) printJson(environment, { project: folder, runs });
      else printLine(environment, `Paused: ${namesOf(runs, 'paused') || 'no run'}`);
    });
}

function addCancel(run: Command, environment: Environment): void {
  run
    .command('cancel <run>')
    .description('end a run for good')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print the run as one JSON document')
    .action((runId: string, options: Options) =>
      printChanged(environment, options, projectFolder(environment, options), 'cancel', runId),
    );
}

async function printChanged(
  environment: Environment,
  { json }: Options,
  folder: string,
  action: 'pause' | 'cancel',
  runId: string,
): Promise<void> {
  const changed = await withService(environment, { folder }, (client) => client.run[action]({ runId }));
  if (json) printJson(environment, changed);
  else printLine(environment, `${changed.name}: ${changed.status}`);
}

function isAll(runId: string | undefined, { all }: AllOptions): boolean {
  if (Boolean(all) === (runId === undefined)) return Boolean(all);
  throw new UsageError('Give the id or the name of a run, or --all.');
}

const namesOf = (runs: readonly Run[], status: Run['status']) =>
  runs
    .filter((run) => run.status === status)
    .map(({ name }) => name)
    .join(', ');

/** Follows all runs to their ends where this process runs the queue; else the owner goes on with them. */
async function resumeAll(environment: Environment, folder: string, { json }: AllOptions): Promise<void> {
  const runs = await withService(environment, { folder, queue: 'on' }, async (client) => {
    const { readOnlyQueue } = await client.project.get();
    if (readOnlyQueue) {
      say(environment, 'Another program runs the queue of this project: it was asked to go on.');
      return client.run.resumeAll({});
    }
    /** Runs that are going on or will, with their studies. */
    const waiting = new Map<string, string>();
    const stuck = new Set<string>();
    const note = (study: Study) => {
      if (!isStuck(study) || stuck.has(study.id)) return;
      stuck.add(study.id);
      for (const [runId, studyId] of waiting) if (studyId === study.id) waiting.delete(runId);
      say(environment, `${study.name}: ${formatFailure(study.failure!)}`);
    };
    const see = (one: Run) => {
      if (isOver(one) || stuck.has(one.studyId)) waiting.delete(one.id);
      else waiting.set(one.id, one.studyId);
    };
    await follow<true>(environment, client, {
      async begin() {
        const resumed = await client.run.resumeAll({});
        for (const study of await client.study.list())
          if (resumed.some((one) => one.studyId === study.id && !isOver(one))) note(study);
        for (const one of resumed) see(one);
      },
      ended(event) {
        if (event.type === 'run') see(event.run);
        if (event.type === 'study') note(event.study);
        // A tournament's next runs are told after the last of the round, and the study after all of them.
        const isWhole = event.type === 'study' || event.type === 'hello';
        return isWhole && waiting.size === 0 ? true : null;
      },
      interrupt: async () => void (await client.run.pauseAll({})),
      interruptNote: PAUSING,
    });
    return client.run.list();
  });
  if (json) printJson(environment, { project: folder, runs });
  else printLine(environment, runTable(runs));
  if (runs.some(({ status }) => status === 'failed')) throw new NotDone(`Failed: ${namesOf(runs, 'failed')}`);
}

/** Follows the run to its end where this process runs the queue; else the owner goes on with it. */
async function resume(environment: Environment, client: Client, runId: string): Promise<Run> {
  const { run } = await client.run.get({ runId });
  const { readOnlyQueue } = await client.project.get();
  if (readOnlyQueue) {
    say(environment, 'Another program runs the queue of this project: it was asked to go on.');
    return client.run.resume({ runId: run.id });
  }
  return follow<Run>(environment, client, {
    begin: async () => void (await client.run.resume({ runId: run.id })),
    ended(event) {
      if (event.type === 'study' && event.study.id === run.studyId && isStuck(event.study))
        throw new PretextError(event.study.failure!);
      return event.type === 'run' && event.run.id === run.id && isOver(event.run) ? event.run : null;
    },
    interrupt: async () => void (await client.run.pause({ runId: run.id })),
    interruptNote: PAUSING,
  });
}

/** Its runs do not start by themselves: it failed, or waits for a person's word before it reads its data. */
const isStuck = ({ status, failure }: Study) =>
  failure !== null && (status === 'failed' || failure.code === IMPORT_HELD);

function runTable(runs: readonly Run[]): string {
  if (runs.length === 0) return 'No runs yet: pretext study run RECIPE.yaml';
  const rows = runs.map((run) => [
    run.id,
    run.name,
    run.status,
    run.progress ? `${Math.floor((100 * run.progress.step) / Math.max(1, run.progress.steps))} %` : '',
    run.datasets.join(', '),
    duration(run.seconds),
  ]);
  return table(['id', 'name', 'status', '', 'data', 'time'], rows, [3, 5]);
}

function checkpointText({ kind, step, file, bytes: size, score, scoreOf }: Checkpoint): string {
  const by = score === null || scoreOf === null ? '' : ` (${scoreOf} ${Number(score.toPrecision(4))})`;
  return `Checkpoint ${kind}: step ${step}${by}, ${bytes(size)}, ${file}`;
}

function runText({ run, checkpoints, config }: Awaited<ReturnType<Client['run']['get']>>): string {
  const { progress } = run;
  const profile = stepProfile(run.environment);
  return [
    `${run.name} (${run.id}): ${run.status}`,
    `Data: ${run.datasets.join(', ')}`,
    ...(config.data.includeHeldOut
      ? ['Transductive: pretraining sees the validation and test samples, without their labels.']
      : []),
    ...(progress ? [`Step ${progress.step} of ${progress.steps}, ${duration(run.seconds)} of training`] : []),
    ...(run.failure ? [formatFailure(run.failure)] : []),
    ...(run.environment?.optionsFilledLater
      ? [
          `Planned by an earlier version that left options open; from its last start on they are what this version takes: ${run.environment.optionsFilledLater}`,
        ]
      : []),
    ...run.findings.map(findingText),
    ...checkpoints.map(checkpointText),
    ...(profile ? [`Step: ${profile.milliseconds} ms: ${partsText(profile)}`] : []),
    ...(run.environment ? [`Machine: ${JSON.stringify(run.environment)}`] : []),
    `Settings: ${JSON.stringify(config, null, 2)}`,
  ].join('\n');
}
