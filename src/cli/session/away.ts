/** Bundles of jobs from the command line: handed over, and brought back. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../client/service.ts';
import { startScript, writeScripts } from '../../bundle/engines/hand-over.ts';
import { quoted } from '../../bundle/engines/shell.ts';
import type { AwayJob, MergeReport } from '../../contract/elsewhere/away.ts';
import type { EngineId, EngineWishes } from '../../contract/elsewhere/engine.ts';
import { PretextError } from '../../contract/errors.ts';
import type { Environment } from '../environment.ts';
import { plural } from '../words/text.ts';

const WATCH_MS = 5_000;

/** Returns the files written. */
export const prepareScripts = (folder: string, engine: EngineId, wishes: EngineWishes): string[] =>
  writeScripts(folder, engine, ownCommand(), wishes);

/** Returns what the engine said. @param only some of its jobs @throws PretextError `engine.failed` */
export const handOver = (folder: string, only?: string): Promise<string> =>
  script(folder, 'submit.sh', only === undefined ? [] : [only]);

export const takeBack = (folder: string): Promise<string> => script(folder, 'cancel.sh', []);

async function script(
  folder: string,
  name: 'submit.sh' | 'cancel.sh',
  args: readonly string[],
): Promise<string> {
  const { status, output, errors } = await startScript(folder, name, args);
  if (status === 0) return output.trim();
  throw new PretextError({
    code: 'engine.failed',
    message: `The queueing system refused: ${errors.trim() || output.trim() || 'it said nothing'}`,
    place: folder,
    remedy: `Correct what it names, or run engine/${name} in the bundle by hand.`,
  });
}

/** How this program was called, for other machines that have it at the same place. */
function ownCommand(): string {
  const needed = ['PRETEXT_NODE', 'PRETEXT_RUNTIME'].flatMap((name) => {
    const value = process.env[name];
    return value ? [`${name}=${quoted(value)}`] : [];
  });
  const words = [process.execPath, process.argv[1]!].map(quoted);
  return [...(needed.length > 0 ? ['env', ...needed] : []), ...words].join(' ');
}

/** Merges once, or again and again until nothing more comes of it by itself. */
export async function mergeUntil(
  environment: Environment,
  client: Client,
  folder: string,
  isEnough: (report: MergeReport) => boolean,
  tell: (report: MergeReport) => void,
): Promise<MergeReport> {
  const stopping = new AbortController();
  const stop = environment.onInterrupt(() => stopping.abort());
  try {
    for (;;) {
      const report = await client.away.merge({ folder });
      if (stopping.signal.aborted || isEnough(report)) return report;
      tell(report);
      await sleep(WATCH_MS, null, { signal: stopping.signal }).catch(() => undefined);
    }
  } finally {
    stop();
  }
}

/** Nothing more comes of these jobs unless somebody acts. */
export const areOver = ({ jobs }: MergeReport): boolean =>
  jobs.every(({ state, merged }) => merged === 'all' || state === 'failed' || state === 'left');

export function mergeWords({ jobs }: MergeReport): string {
  const count = (wanted: (job: AwayJob) => boolean) => jobs.filter(wanted).length;
  const parts = [
    [count(({ merged }) => merged === 'all'), 'back'],
    [count(({ state, merged }) => state === 'done' && merged !== 'all'), 'done'],
    [count(({ state }) => state === 'running'), 'running'],
    [count(({ state }) => state === 'waiting'), 'waiting'],
    [count(({ state }) => state === 'paused'), 'paused'],
    [count(({ state }) => state === 'failed'), 'failed'],
    [count(({ state }) => state === 'left'), 'taken back'],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return `${plural(jobs.length, 'job')}: ${told.join(', ')}`;
}

/** Throws what could not be taken over. */
export function requireTaken({ refused }: MergeReport): void {
  const [first] = refused;
  if (!first) return;
  throw new PretextError({
    ...first.failure,
    message: refused.map(({ name, failure }) => `${name}: ${failure.message}`).join('\n'),
  });
}
