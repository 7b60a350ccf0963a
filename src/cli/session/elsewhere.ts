/** A study whose runs are computed by an engine on other machines: packed, handed over, and brought back as they end. */
import { join } from 'node:path';
import type { Client } from '../../client/service.ts';
import type { AwayJob, MergeReport } from '../../contract/elsewhere/away.ts';
import type { EngineId, EngineWishes } from '../../contract/elsewhere/engine.ts';
import type { Study } from '../../contract/entities.ts';
import { limitLines } from '../../contract/elsewhere/limits.ts';
import { areAllBack, areOver, failedJobs, jobsInWords } from '../../contract/elsewhere/progress.ts';
import { formatFailure, PretextError } from '../../contract/errors.ts';
import { latestBundle, nextBundle } from '../../bundle/beside.ts';
import { ENGINES } from '../../bundle/engines/registry.ts';
import { handOver, hasOpenJobs, wasHandedOver, writeScripts } from '../../bundle/engines/hand-over.ts';
import { toRanges } from '../../contract/elsewhere/ranges.ts';
import { quoted } from '../../machine/shell.ts';
import { NotDone, say, type Environment } from '../environment.ts';
import { mergeUntil, packJobs, requireTaken, thisCommand } from './away.ts';

export interface Elsewhere {
  engine: EngineId;
  wishes: EngineWishes;
  /** Where bundles are made: this name, with a number for each. */
  bundles: string;
}

const ASK_MS = 15_000;

/**
 * Until all runs of the study are back, those that a tournament adds meanwhile too. Called again after an interruption it
 * goes on with the bundle that is out.
 *
 * @param study whose data are there; its runs wait or are away
 * @throws PretextError where jobs failed, NotDone at Ctrl-C: what was handed over goes on
 */
export async function computeElsewhere(
  environment: Environment,
  client: Client,
  study: Study,
  { engine, wishes, bundles }: Elsewhere,
): Promise<Study> {
  for (let now = study; ;) {
    if (now.status !== 'paused' && now.status !== 'away') return now;
    const out = latestBundle(bundles);
    const folder =
      now.status === 'away' && out !== null
        ? out
        : await pack(environment, client, now, { engine, wishes, folder: nextBundle(bundles) });
    await bringBack(environment, client, handedOver(folder, engine, wishes), engine);
    now = await client.study.get({ studyId: study.id });
  }
}

interface HandedOver {
  folder: string;
  /** What the submission says at its end; ssh's goes on as long as its jobs do. Null: it was an earlier command's. */
  submission: Promise<string> | null;
}

async function pack(
  environment: Environment,
  client: Client,
  study: Study,
  { engine, wishes, folder }: Pick<Elsewhere, 'engine' | 'wishes'> & { folder: string },
): Promise<string> {
  const { bundle } = await packJobs(environment, client, {
    studyId: study.id,
    folder,
    ...(wishes.minutes && { minutes: wishes.minutes }),
    timed: ENGINES[engine].wishes.includes('minutes'),
  });
  say(environment, `Packed ${bundle.jobs} jobs into ${folder}`);
  for (const line of limitLines(bundle)) say(environment, line);
  return folder;
}

/** A bundle that no engine has taken yet, as something was missing or it refused, is handed over by what is said now. */
function handedOver(folder: string, engine: EngineId, wishes: EngineWishes): HandedOver {
  if (wasHandedOver(folder)) return { folder, submission: null };
  writeScripts(folder, engine, wishes, thisCommand());
  return { folder, submission: handOver(folder) };
}

async function bringBack(
  environment: Environment,
  client: Client,
  { folder, submission }: HandedOver,
  engine: EngineId,
): Promise<void> {
  let refused: unknown = null;
  const lost = watchOpen(folder, engine);
  void submission?.catch((error: unknown) => (refused = error));
  let told = '';
  const report = await mergeUntil(
    environment,
    client,
    folder,
    (merged) => areOver(merged) || refused !== null || lost.isSo(),
    (merged) => {
      const words = jobsInWords(merged);
      if (words !== told) say(environment, words);
      told = words;
    },
  );
  lost.stop();
  say(environment, jobsInWords(report));
  requireTaken(report);
  const failed = failedJobs(report);
  if (failed.length > 0) throw jobsFailed(folder, failed);
  if (refused && !areAllBack(report)) throw refused;
  if (lost.isSo() && !areOver(report)) throw jobsLost(folder, report);
  if (!areOver(report))
    throw new NotDone(
      'Stopped looking: the jobs go on. Run the same command again to bring back what they find.',
    );
}

/** An engine that has none of the jobs any more, twice in a row, will not end those that are left. */
function watchOpen(folder: string, engine: EngineId): { isSo(): boolean; stop(): void } {
  let without = 0;
  const asking = setInterval(() => {
    void hasOpenJobs(folder, engine).then(
      (open) => (without = open === false ? without + 1 : 0),
      // It could not be asked this time, and nothing is known by that.
      () => (without = 0),
    );
  }, ASK_MS);
  asking.unref();
  return { isSo: () => without >= 2, stop: () => clearInterval(asking) };
}

function jobsLost(folder: string, { jobs }: MergeReport): PretextError {
  const left = jobs.filter(({ merged }) => merged !== 'all');
  return new PretextError({
    code: 'job.lost',
    message: `The queueing system has none of these jobs any more, and they are not done: ${left.map(({ name }) => name).join(', ')}. They were cancelled there, or their computer was lost.`,
    place: join(folder, 'engine', 'logs'),
    remedy: `Look at their logs, then submit them again: pretext job submit ${quoted(folder)} --on SYSTEM --only ${toRanges(left.map(({ job }) => job))}`,
  });
}

function jobsFailed(folder: string, failed: readonly AwayJob[]): PretextError {
  return new PretextError({
    code: 'job.failed',
    message: failed
      .map(({ name, failure }) => `${name}: ${failure ? formatFailure(failure) : 'it failed without a word'}`)
      .join('\n'),
    place: folder,
    remedy: `Mend the cause, then submit them again: pretext job submit ${quoted(folder)} --on SYSTEM --only ${toRanges(failed.map(({ job }) => job))}`,
  });
}
