/** Bundles of jobs from the command line: handed over, and brought back. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../client/service.ts';
import { ownCommand } from '../../bundle/engines/own-command.ts';
import type { MergeReport, PackReport, PackWish } from '../../contract/elsewhere/away.ts';
import { PretextError } from '../../contract/errors.ts';
import type { Environment } from '../environment.ts';
import { interruptible } from './models.ts';
import { CLI_ID, tellQuestions } from './questions.ts';

/** How the command line that runs now was called. */
export const thisCommand = (): string | null => ownCommand(process.env, process.execPath, process.argv[1]);

/** Packs, telling how far it is; Ctrl-C ends it, and nothing is packed. */
export const packJobs = (
  environment: Environment,
  client: Client,
  wish: Omit<PackWish, 'id'>,
): Promise<PackReport> =>
  interruptible(environment, async (signal) => {
    await tellQuestions(environment, client, signal);
    return client.away.pack({ ...wish, id: CLI_ID }, { signal });
  });

const WATCH_MS = 5_000;

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

/** Throws what could not be taken over. */
export function requireTaken({ refused }: MergeReport): void {
  const [first] = refused;
  if (!first) return;
  throw new PretextError({
    ...first.failure,
    message: refused.map(({ name, failure }) => `${name}: ${failure.message}`).join('\n'),
  });
}
