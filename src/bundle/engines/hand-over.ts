/** Hands a bundle to an engine: its scripts are written into the bundle, and started at the person's word alone. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineId, EngineWishes } from '../../contract/elsewhere/engine.ts';
import { PretextError } from '../../contract/errors.ts';
import { readBundle, writeFileWhole } from '../files.ts';
import { ENGINES } from './registry.ts';

/** @throws PretextError for a bundle that cannot be read, or wishes that lack what the engine needs */
export function writeScripts(
  folder: string,
  engine: EngineId,
  command: string,
  wishes: EngineWishes,
): string[] {
  const bundle = readBundle(folder);
  const scripts = ENGINES[engine].scripts({ bundle, folder, command: wishes.command ?? command, wishes });
  mkdirSync(join(folder, 'engine', 'logs'), { recursive: true });
  return scripts.map(({ name, text }) => {
    const file = join(folder, 'engine', name);
    writeFileWhole(file, text);
    if (name.endsWith('.sh')) chmodSync(file, 0o755);
    return file;
  });
}

export interface Outcome {
  status: number;
  output: string;
  errors: string;
}

/** @throws PretextError `engine.no-scripts` where the bundle has none, `engine.not-started` where there is no shell */
export function startScript(
  folder: string,
  name: 'submit.sh' | 'cancel.sh',
  args: readonly string[] = [],
): Promise<Outcome> {
  const file = join(folder, 'engine', name);
  // What is no bundle at all is told as that.
  readBundle(folder);
  if (!existsSync(file))
    throw new PretextError({
      code: 'engine.no-scripts',
      message: 'This bundle has no scripts for a queueing system yet.',
      place: file,
      remedy: 'Write them first: `pretext job submit BUNDLE --on slurm`, or `--on ssh`.',
    });
  return started('sh', [file, ...args], folder);
}

export function askStates(folder: string, engine: EngineId): Promise<Outcome> | null {
  const { states } = ENGINES[engine];
  return states && existsSync(join(folder, 'engine', 'submitted.txt'))
    ? started('sh', ['-c', states], folder)
    : null;
}

/** Whether the engine still has jobs of this bundle; null where it cannot be asked. */
export async function hasOpenJobs(folder: string, engine: EngineId): Promise<boolean | null> {
  const { open } = ENGINES[engine];
  if (!open || !existsSync(join(folder, 'engine', 'submitted.txt'))) return null;
  const { status, output } = await started('sh', ['-c', open], folder);
  return status === 0 ? output.trim() !== '' : null;
}

function started(command: string, args: readonly string[], cwd: string): Promise<Outcome> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const told = { output: '', errors: '' };
  child.stdout.on('data', (part: Buffer) => (told.output += part.toString()));
  child.stderr.on('data', (part: Buffer) => (told.errors += part.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(
        new PretextError({
          code: 'engine.not-started',
          message: `“${command}” could not be started: ${error.message}`,
          place: cwd,
          remedy: 'Run the scripts in its folder `engine` by hand.',
        }),
      ),
    );
    child.once('close', (status) => resolve({ status: status ?? 1, ...told }));
  });
}
