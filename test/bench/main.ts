/**
 * `npm run bench [-- --json] [-- --rounds n] [-- --only a,b] [-- --data a,b] [-- --share 0.25] [-- --clock processor] [-- names…]`: this program against its Python peers, in one run.
 *
 * The document goes to stdout, everything about the way there to stderr.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PretextError } from '../../src/contract/errors.ts';
import { pretextTasks } from '../../src/learning/pretext/registry.ts';
import { doctor } from '../../src/machine/doctor.ts';
import { createNodeHost } from '../../src/host/node.ts';
import { taskDataNames, type BenchContext, type TaskData } from './benches/context.ts';
import { CLOCK_VARIABLE, clocks } from './clock.ts';
import { copiesBench } from './benches/copies.ts';
import { encoderBench } from './benches/encoders.ts';
import { exportBench } from './benches/exports.ts';
import { firstStepBench } from './benches/first-step.ts';
import { flatBench } from './benches/flat.ts';
import { importBench } from './benches/import.ts';
import { redrawBench } from './benches/redraws.ts';
import { installedBench } from './benches/installed.ts';
import { inferenceBench, mixedBench, stepBench } from './benches/networks.ts';
import { jobBench } from './benches/jobs.ts';
import { methodBench } from './benches/methods.ts';
import { predictBench } from './benches/predict.ts';
import { preparationBench } from './benches/preparation.ts';
import { readerBench } from './benches/readers.ts';
import { signalBench } from './benches/signals.ts';
import { simclrBench } from './benches/simclr.ts';
import { tableBench, tableParts } from './benches/tables.ts';
import { defaultsBench } from './benches/signal-defaults.ts';
import { taskBench } from './benches/tasks.ts';
import { togetherBench } from './benches/together.ts';
import { viewBench } from './benches/views.ts';
import {
  benchDocumentSchema,
  benchNames,
  longBenchNames,
  type BenchName,
  type BenchRow,
  type LongBenchName,
} from './document.ts';
import { describeMachine, describeVersions } from './machine.ts';
import {
  prepareExportPeers,
  preparePeers,
  preparePreparationPeers,
  prepareReaderPeers,
  prepareSignalPeers,
  prepareTablePeers,
} from './peers/setup.ts';
import { benchTable } from './table.ts';

const benches: { gives: (BenchName | LongBenchName)[]; run(context: BenchContext): Promise<BenchRow[]> }[] = [
  { gives: ['step'], run: stepBench },
  { gives: ['mixed'], run: mixedBench },
  { gives: ['simclr', 'memory'], run: simclrBench },
  { gives: ['signals', 'memory'], run: signalBench },
  { gives: ['import'], run: importBench },
  { gives: ['copies'], run: copiesBench },
  { gives: ['inference'], run: inferenceBench },
  { gives: ['first-step'], run: firstStepBench },
  { gives: ['flat'], run: flatBench },
  { gives: ['methods'], run: methodBench },
  { gives: ['tasks'], run: taskBench },
  { gives: ['defaults'], run: defaultsBench },
  { gives: ['exports'], run: exportBench },
  { gives: ['readers'], run: readerBench },
  { gives: ['preparation'], run: preparationBench },
  { gives: ['predict'], run: predictBench },
  { gives: ['tables'], run: tableBench },
  { gives: ['installed'], run: installedBench },
  { gives: ['redraws'], run: redrawBench },
  { gives: ['jobs'], run: jobBench },
  { gives: ['together'], run: togetherBench },
  { gives: ['encoders'], run: encoderBench },
  { gives: ['views'], run: viewBench },
];

try {
  await main();
} catch (error) {
  if (!(error instanceof PretextError)) throw error;
  process.stderr.write(`\n${error.message}\n\n${error.failure?.remedy ?? ''}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { json, rounds, share, names, only, data } = readArguments();
  const say = (line: string) => void process.stderr.write(`[bench] ${line}\n`);
  const python = await pythonOf(names);
  const { device } = await doctor(createNodeHost());
  if (!device)
    throw new PretextError({
      code: 'bench.runtime',
      message: 'TensorFlow does not load.',
      remedy: 'Run "pretext doctor" to see what is wrong.',
    });
  process.env['PRETEXT_BENCH_DEVICE'] = device.kind;
  const machine = describeMachine(device.kind);
  if (machine.loadBefore > machine.cores / 2)
    say(
      `Others use this machine (load ${machine.loadBefore}): the figures will be rough; --clock processor compares processor time.`,
    );
  const rows: BenchRow[] = [];
  for (const { gives, run } of benches) {
    if (!gives.some((name) => names.includes(name))) continue;
    const folder = mkdtempSync(join(tmpdir(), 'pretext-bench-'));
    try {
      const found = await run({
        python: python ?? '',
        folder,
        rounds,
        roundMs: 1500,
        share,
        only,
        data,
        say,
      });
      // One bench may give rows of two names, of which one was asked for.
      rows.push(...found.filter(({ bench }) => gives.length === 1 || names.includes(bench)));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const document = benchDocumentSchema.parse({
    machine,
    versions: describeVersions(python, device.tensorflow),
    rows,
  });
  process.stdout.write(`${json ? JSON.stringify(document, null, 2) : benchTable(document)}\n`);
}

/** Exports and recordings are read by programs of their own: whoever asks for nothing else does not wait for the others. */
async function pythonOf(names: readonly string[]): Promise<string | null> {
  // Tasks are compared with random weights of this program: any Python will do to tell its version.
  if (names.every((name) => name === 'tasks' || name === 'defaults')) return Promise.resolve('python3');
  if (names.every((name) => ['installed', 'redraws', 'jobs', 'together'].includes(name))) return null;
  if (names.every((name) => name === 'preparation')) return preparePreparationPeers();
  if (names.every((name) => name === 'tables')) return prepareTablePeers();
  if (names.every((name) => name === 'readers')) return prepareReaderPeers();
  if (names.every((name) => name === 'encoders' || name === 'views')) return prepareSignalPeers();
  return names.every((name) => name === 'exports') ? prepareExportPeers() : preparePeers();
}

function readArguments(): {
  json: boolean;
  rounds: number;
  names: readonly string[];
  only: readonly string[] | null;
  data: readonly TaskData[] | null;
  share: number;
} {
  const { values, positionals } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '7' },
      only: { type: 'string' },
      data: { type: 'string' },
      share: { type: 'string', default: '1' },
      clock: { type: 'string', default: 'wall' },
    },
    allowPositionals: true,
  });
  const allNames: readonly string[] = [...benchNames, ...longBenchNames];
  const unknown = positionals.find((name) => !allNames.includes(name));
  if (unknown !== undefined)
    throw new PretextError({
      code: 'bench.name',
      message: `There is no bench "${unknown}".`,
      remedy: `Choose from: ${allNames.join(', ')}. Without names all but the long ones (${longBenchNames.join(', ')}) are run.`,
    });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new PretextError({
      code: 'bench.rounds',
      message: `--rounds must be a whole number from 1. Found: ${values.rounds}.`,
    });
  const share = Number(values.share);
  if (!(share > 0 && share <= 1))
    throw new PretextError({
      code: 'bench.share',
      message: `--share must be above 0 and at most 1. Found: ${values.share}.`,
    });
  const only = values.only?.split(',') ?? null;
  const known = [...pretextTasks.map(({ id }) => id), ...tableParts] as string[];
  const strange = only?.find((id) => !known.includes(id));
  if (strange !== undefined)
    throw new PretextError({
      code: 'bench.task',
      message: `There is no pretext task "${strange}".`,
      remedy: `Choose from: ${known.join(', ')}.`,
    });
  if (!clocks.some((clock) => clock === values.clock))
    throw new PretextError({
      code: 'bench.clock',
      message: `--clock must be one of ${clocks.join(', ')}. Found: ${values.clock}.`,
    });
  process.env[CLOCK_VARIABLE] = values.clock;
  const data = values.data?.split(',').map(findTaskData) ?? null;
  return {
    json: values.json,
    rounds,
    share,
    only,
    data,
    names: positionals.length > 0 ? positionals : benchNames,
  };
}

function findTaskData(name: string): TaskData {
  const found = taskDataNames.find((known) => known === name);
  if (found) return found;
  throw new PretextError({
    code: 'bench.data',
    message: `There are no data "${name}" for the bench of tasks.`,
    remedy: `Choose from: ${taskDataNames.join(', ')}.`,
  });
}
