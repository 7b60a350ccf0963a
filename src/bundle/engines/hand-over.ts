/** Hands a bundle to an engine: its scripts are written into the bundle, and started at the person's word alone. */
import { spawn } from 'node:child_process';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineWords } from '../../contract/elsewhere/away.ts';
import { engineIdSchema, type EngineId, type EngineWishes } from '../../contract/elsewhere/engine.ts';
import { PretextError } from '../../contract/errors.ts';
import { readBundle } from '../files.ts';
import { writeFileWhole } from '../../machine/whole-file.ts';
import { ownCommand } from './own-command.ts';
import { ENGINES } from './registry.ts';

/**
 * Returns the files written.
 *
 * @param own how this program is called; null where nobody can know
 * @throws PretextError for a bundle that cannot be read, or wishes that lack what the engine needs
 */
export function writeScripts(
  folder: string,
  engine: EngineId,
  wishes: EngineWishes,
  own: string | null = ownCommand(),
): string[] {
  const bundle = readBundle(folder);
  const command = wishes.command ?? own;
  if (command === null) throw noCommand();
  const scripts = ENGINES[engine].scripts({ bundle, folder, command, wishes });
  mkdirSync(join(folder, 'engine', 'logs'), { recursive: true });
  return scripts.map(({ name, text }) => {
    const file = join(folder, 'engine', name);
    writeFileWhole(file, text);
    if (name.endsWith('.sh')) chmodSync(file, 0o755);
    return file;
  });
}

const noCommand = () =>
  new PretextError({
    code: 'engine.no-command',
    message: 'This program has no command yet that other machines could call.',
    place: 'command',
    remedy: 'Choose Help, Install the pretext command; or say how the program is called there.',
  });

/**
 * Hands the jobs over, and waits until the engine has said what it has to say: ssh does so when all jobs have ended.
 *
 * @param only some of the jobs
 * @throws PretextError `engine.failed`
 */
export const handOver = (folder: string, only?: string): Promise<string> =>
  saidBy(folder, 'submit.sh', only === undefined ? [] : [only]);

export const takeBack = (folder: string): Promise<string> => saidBy(folder, 'cancel.sh', []);

async function saidBy(
  folder: string,
  name: 'submit.sh' | 'cancel.sh',
  args: readonly string[],
): Promise<string> {
  const { status, output, errors } = await startScript(folder, name, args);
  if (status === 0) return output.trim();
  throw engineFailed(folder, name, errors.trim() || output.trim());
}

const engineFailed = (folder: string, name: string, words: string) =>
  new PretextError({
    code: 'engine.failed',
    message: `The queueing system refused: ${words || 'it said nothing'}`,
    place: folder,
    remedy: `Correct what it names, or run engine/${name} in the bundle by hand.`,
  });

/** Characters of a log that are shown: its end. */
const MOST_SAID = 4_000;

/** How long a submission may take before it counts as one that stays until its jobs have ended. */
const PATIENCE_MS = 5_000;

/**
 * Hands the jobs over to an engine that goes on when this process ends. What it says stands in `submitLog`.
 *
 * @throws PretextError `engine.failed` where it ends within a few seconds, and not well
 */
export async function handOverForGood(
  folder: string,
  only?: string,
  patienceMs = PATIENCE_MS,
): Promise<string> {
  const file = scriptFile(folder, 'submit.sh');
  mkdirSync(join(folder, 'engine', 'logs'), { recursive: true });
  const log = openSync(submitLog(folder), 'w');
  try {
    const child = spawn('sh', [file, ...(only === undefined ? [] : [only])], {
      cwd: folder,
      detached: true,
      stdio: ['ignore', log, log],
    });
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', (error) => reject(notStarted('sh', folder, error)));
      child.once('close', (code) => resolve(code ?? 1));
      setTimeout(() => resolve(null), patienceMs).unref();
    });
    child.unref();
    const words = readFileSync(submitLog(folder), 'utf8').trim();
    if (status) throw engineFailed(folder, 'submit.sh', words);
    return words;
  } finally {
    closeSync(log);
  }
}

/** What the last submission said, where it was not waited for. */
export const submitLog = (folder: string): string => join(folder, 'engine', 'logs', 'submit.log');

export interface Outcome {
  status: number;
  output: string;
  errors: string;
}

/** @throws PretextError `engine.no-scripts` where the bundle has none, `engine.not-started` where there is no shell */
function startScript(
  folder: string,
  name: 'submit.sh' | 'cancel.sh',
  args: readonly string[],
): Promise<Outcome> {
  return started('sh', [scriptFile(folder, name), ...args], folder);
}

function scriptFile(folder: string, name: string): string {
  const file = join(folder, 'engine', name);
  // What is no bundle at all is told as that.
  readBundle(folder);
  if (existsSync(file)) return file;
  throw new PretextError({
    code: 'engine.no-scripts',
    message: 'This bundle has no scripts for a queueing system yet.',
    place: file,
    remedy: `Write them first: pretext job submit BUNDLE --on ${engineIdSchema.options.join('|')}`,
  });
}

const hasTaken = (folder: string, engine: EngineId) =>
  existsSync(join(folder, 'engine', ENGINES[engine].mark));

/** Whether any engine has ever taken jobs of this bundle. */
export const wasHandedOver = (folder: string): boolean =>
  engineIdSchema.options.some((engine) => hasTaken(folder, engine));

export function askStates(folder: string, engine: EngineId): Promise<Outcome> | null {
  const { states } = ENGINES[engine];
  return states && hasTaken(folder, engine) ? started('sh', ['-c', states], folder) : null;
}

/** What the engine says of the jobs now; one that knows no more than they do, what it said when it was handed them. */
export async function askEngine(folder: string, engine: EngineId): Promise<EngineWords> {
  const states = await askStates(folder, engine);
  const log = submitLog(folder);
  const words = states
    ? states.output.trim() || states.errors.trim()
    : existsSync(log)
      ? readFileSync(log, 'utf8').trim().slice(-MOST_SAID)
      : '';
  return { words, hasOpenJobs: await hasOpenJobs(folder, engine) };
}

/** Whether the engine still has jobs of this bundle; null where it cannot be asked. */
export async function hasOpenJobs(folder: string, engine: EngineId): Promise<boolean | null> {
  const { open } = ENGINES[engine];
  if (!open || !hasTaken(folder, engine)) return null;
  const { status, output } = await started('sh', ['-c', open], folder);
  return status === 0 ? output.trim() !== '' : null;
}

function started(command: string, args: readonly string[], cwd: string): Promise<Outcome> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const told = { output: '', errors: '' };
  child.stdout.on('data', (part: Buffer) => (told.output += part.toString()));
  child.stderr.on('data', (part: Buffer) => (told.errors += part.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(notStarted(command, cwd, error)));
    child.once('close', (status) => resolve({ status: status ?? 1, ...told }));
  });
}

const notStarted = (command: string, folder: string, error: Error) =>
  new PretextError({
    code: 'engine.not-started',
    message: `“${command}” could not be started: ${error.message}`,
    place: folder,
    remedy: 'Run the scripts in its folder `engine` by hand.',
  });
