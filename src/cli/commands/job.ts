/** Jobs: what a study has still to compute, packed for other machines, computed there, and brought back. */
import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { fromRanges } from '../../contract/elsewhere/ranges.ts';
import { ENGINES } from '../../bundle/engines/registry.ts';
import { askStates, handOver, takeBack, writeScripts } from '../../bundle/engines/hand-over.ts';
import { STALE_MS } from '../../machine/processes.ts';
import { quoted } from '../../machine/shell.ts';
import { jobFile, readBundle, readChecked } from '../../bundle/files.ts';
import { knowStandings } from '../../bundle/standing.ts';
import { packedJobSchema, PAUSED_STATUS } from '../../contract/elsewhere/bundle.ts';
import { engineIdSchema, type EngineId } from '../../contract/elsewhere/engine.ts';
import { limitLines } from '../../contract/elsewhere/limits.ts';
import { areOver, jobsInWords } from '../../contract/elsewhere/progress.ts';
import { formatFailure, PretextError } from '../../contract/errors.ts';
import { freePorts } from '../../host/free-ports.ts';
import { PROGRAM_VERSION } from '../../host/version.ts';
import { helpJob } from '../../worker/help-job.ts';
import { startJob } from '../../worker/run-job.ts';
import { NotDone, UsageError, printJson, printLine, say, type Environment } from '../environment.ts';
import { addEngineFlags, wishesOf, type EngineFlags } from '../flags/engine-options.ts';
import { wholeNumber } from '../flags/whole-number.ts';
import { mergeUntil, packJobs, requireTaken, thisCommand } from '../session/away.ts';
import { projectFolder, withService, type ProjectOption } from '../session/session.ts';
import { studyIdOf } from '../session/studies.ts';
import { plural, table } from '../words/text.ts';

type Options = ProjectOption & { json?: boolean };
type PackOptions = Options & { to: string; threads?: number; minutes?: number };
type MergeOptions = Options & { watch?: boolean };
interface RunOptions {
  processes?: string[];
  process?: number;
}
interface SubmitOptions extends EngineFlags {
  on: EngineId;
  only?: string;
  scriptsOnly?: boolean;
}

export function addJobCommands(program: Command, environment: Environment): void {
  const job = program
    .command('job')
    .description('Jobs: compute a study on other machines (a Slurm cluster, computers by ssh)');
  job
    .command('pack <study>')
    .description('pack what a study has still to compute into a folder; nothing here computes it meanwhile')
    .requiredOption('--to <folder>', 'the folder to make, on a disk that the other machines see')
    .option(
      '--threads <count>',
      'processor threads of every job; default: as the recipe says, or 2',
      wholeNumber,
    )
    .option(
      '--minutes <count>',
      'minutes that a job may take; default: by measured steps, doubled',
      wholeNumber,
    )
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print one JSON document')
    .action((study: string, options: PackOptions) => pack(environment, study, options));
  const submitting = job
    .command('submit <bundle>')
    .description('write the scripts of a queueing system into the bundle, and start them')
    .addOption(
      new Option('--on <engine>', 'who places and queues the jobs')
        .choices(engineIdSchema.options)
        .makeOptionMandatory(),
    )
    .option('--only <jobs>', 'only these jobs, for example 3,7-9: those that failed, again')
    .option('--scripts-only', 'write the scripts and start nothing');
  addEngineFlags(submitting).action((bundle: string, options: SubmitOptions) =>
    submit(environment, bundle, options),
  );
  job
    .command('run <bundle> <job>')
    .description(
      'compute one job of a bundle: needs no project and no display; goes on from its last checkpoint',
    )
    .option(
      '--processes <addresses>',
      'pretraining by several machines together: host:port of each, alike everywhere; these ports are opened to whoever reaches the machine',
      addressList,
    )
    .option(
      '--process <number>',
      'which of them this one is, from 1; the first leads and writes',
      wholeNumber,
    )
    .action((bundle: string, index: string, options: RunOptions) => run(environment, bundle, index, options));
  job
    .command('port')
    .description(
      'name a port that is free on this machine, for scripts that start several processes together',
    )
    .action(async () => printLine(environment, String((await freePorts(1))[0])));
  job
    .command('status <bundle>')
    .description(
      'how the jobs of a bundle stand: as they say themselves, or lost where nobody is there any more (of other machines that takes some seconds)',
    )
    .addOption(new Option('--ask <engine>', 'ask the queueing system too').choices(engineIdSchema.options))
    .option('--json', 'print one JSON document')
    .action((bundle: string, options: { json?: boolean; ask?: EngineId }) =>
      status(environment, bundle, options),
    );
  job
    .command('merge <bundle>')
    .description('bring back into the project what the jobs have found so far')
    .option('--watch', 'go on until all jobs have come back')
    .option('--project <folder>', 'the project; default: the present folder')
    .option('--json', 'print one JSON document')
    .action((bundle: string, options: MergeOptions) => merge(environment, bundle, options));
  job
    .command('cancel <bundle>')
    .description('take the jobs back from the queueing system; what they have written stays')
    .action(async (bundle: string) => {
      const words = await takeBack(resolve(environment.folder, bundle));
      if (words) printLine(environment, words);
      printLine(environment, 'Taken back. `pretext run resume RUN` computes a run here.');
    });
}

/** `lab1:7700,lab2:7700` */
function addressList(text: string): string[] {
  const addresses = text.split(',').map((address) => address.trim());
  if (addresses.length >= 2 && addresses.every((address) => ADDRESS.test(address)) && allApart(addresses))
    return addresses;
  throw new InvalidArgumentError('It must be two or more different host:port, parted by commas.');
}
const ADDRESS = /^[A-Za-z0-9.-]+:[0-9]{1,5}$/;
const allApart = (addresses: readonly string[]) => new Set(addresses).size === addresses.length;

/** Which of the processes this one is, from 0. */
function rankOf(addresses: readonly string[] | undefined, own: number | undefined): number {
  if (!addresses && own === undefined) return 0;
  if (addresses && own !== undefined && own >= 1 && own <= addresses.length) return own - 1;
  throw new UsageError(
    addresses
      ? `Say with --process which of the ${addresses.length} addresses is this one's: a number from 1 to ${addresses.length}.`
      : '--process needs --processes with the addresses of all.',
  );
}

async function pack(environment: Environment, study: string, options: PackOptions): Promise<void> {
  const folder = projectFolder(environment, options);
  const report = await withService(environment, { folder }, async (client) =>
    packJobs(environment, client, {
      studyId: await studyIdOf(client, study),
      folder: resolve(environment.folder, options.to),
      ...(options.threads && { threads: options.threads }),
      ...(options.minutes && { minutes: options.minutes }),
    }),
  );
  if (options.json) return printJson(environment, report);
  const { bundle } = report;
  printLine(
    environment,
    `Packed ${plural(bundle.jobs, 'job')} of “${bundle.study.name}” into ${report.folder}`,
  );
  for (const line of limitLines(bundle)) printLine(environment, line);
  const [first, ...others] = engineIdSchema.options;
  const or = others.map((engine) => `, or --on ${engine}`).join('');
  printLine(environment, `Next: pretext job submit ${quoted(report.folder)} --on ${first}${or}`);
}

async function submit(environment: Environment, bundle: string, options: SubmitOptions): Promise<void> {
  const folder = resolve(environment.folder, bundle);
  const { jobs } = readBundle(folder);
  if (options.only !== undefined) fromRanges(options.only, jobs);
  const files = writeScripts(folder, options.on, wishesOf(options.on, options), thisCommand());
  say(environment, `Written: ${files.join(', ')}`);
  if (options.scriptsOnly) return;
  const words = await handOver(folder, options.only);
  if (words) printLine(environment, words);
  printLine(
    environment,
    `Handed to ${ENGINES[options.on].title}. \`pretext job merge\` brings back what is found.`,
  );
}

async function run(
  environment: Environment,
  bundle: string,
  index: string,
  { processes: addresses, process: own }: RunOptions,
): Promise<void> {
  const number = Number(index);
  const folder = resolve(environment.folder, bundle);
  const rank = rankOf(addresses, own);
  const { host } = environment;
  const work =
    addresses && rank > 0
      ? helpJob(folder, number, { host, program: PROGRAM_VERSION, addresses, rank })
      : await startJob(folder, number, {
          host,
          program: PROGRAM_VERSION,
          ...(addresses && { addresses }),
          onPhase: (phase) => say(environment, `job ${index}: ${phase}`),
        });
  const stop = environment.onInterrupt(() => {
    say(environment, 'Asked to end: the checkpoint is being written.');
    work.pause();
  });
  const ending = await work.ended.finally(stop);
  if (ending.kind === 'failed') throw new PretextError(ending.failure);
  if (ending.kind === 'paused') {
    throw new NotDone('Paused: the same command goes on from the checkpoint.', PAUSED_STATUS);
  }
  printLine(environment, `Job ${index} is done.`);
}

async function status(
  environment: Environment,
  named: string,
  { json, ask }: { json?: boolean; ask?: EngineId },
): Promise<void> {
  const folder = resolve(environment.folder, named);
  const bundle = readBundle(folder);
  const numbers = Array.from({ length: bundle.jobs }, (_, at) => at + 1);
  const standings = await knowStandings(folder, numbers, {
    onWait: (unknown) =>
      say(
        environment,
        `${plural(unknown, 'job')} on other machines: looking whether their processes still write, ${STALE_MS / 1000} s at most…`,
      ),
  });
  const jobs = numbers.map((job, at) => {
    const { name } = readChecked(jobFile(folder, job), packedJobSchema);
    const told = standings[at];
    return {
      job,
      name,
      state: told?.state ?? ('waiting' as const),
      host: told?.host ?? null,
      attempts: told?.attempts ?? 0,
      failure: told?.failure ?? null,
    };
  });
  const engine = ask && (await askStates(folder, ask));
  if (json)
    return printJson(environment, {
      bundle,
      jobs,
      ...(engine && { engine: engine.output.trim().split('\n') }),
    });
  printLine(
    environment,
    table(
      ['job', 'run', 'state', 'on', 'begun'],
      jobs.map(({ job, name, state, host, attempts }) => [
        String(job),
        name,
        state,
        host ?? '',
        String(attempts),
      ]),
      [0, 4],
    ),
  );
  for (const { name, failure } of jobs)
    if (failure) printLine(environment, `${name}: ${formatFailure(failure)}`);
  if (engine) printLine(environment, engine.output.trim() || engine.errors.trim());
}

async function merge(environment: Environment, named: string, options: MergeOptions): Promise<void> {
  const folder = projectFolder(environment, options);
  const bundle = resolve(environment.folder, named);
  const report = await withService(environment, { folder }, (client) =>
    mergeUntil(
      environment,
      client,
      bundle,
      (merged) => !options.watch || areOver(merged),
      (merged) => say(environment, jobsInWords(merged)),
    ),
  );
  if (options.json) printJson(environment, report);
  else {
    printLine(environment, jobsInWords(report));
    for (const { name, failure } of report.jobs)
      if (failure) printLine(environment, `${name}: ${formatFailure(failure)}`);
  }
  requireTaken(report);
}
