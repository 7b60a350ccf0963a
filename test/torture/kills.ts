/**
 * Kills at random: a small real study whose command line, service or trainer is killed at random moments, again and
 * again, until it ends; then all that it found must be bit for bit that of the study nobody disturbed.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { studyResultSchema } from '../../src/contract/results/result.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { beginPretext, childrenOf, weightsOf, type Running } from '../fixtures/survival.ts';

const RECIPE = `name: Torture
data:
  import: { noise: { path: images, split: { by: random, seed: 3 } } }
  pretrain: [noise]
encoder: { options: { width: 8, stages: 2, features: 16 } }
pretext: { epochs: 20, batchSize: 32, checkpointEverySteps: 7, probeEveryEpochs: 5, seed: 9 }
finetune: { budgets: [{ perClass: 5 }], arms: [pretrained, baseline, linear-probe], seeds: 3, epochs: 10, minimumSteps: 90, checkpointEverySteps: 40 }
`;
/** After so many kills a study is left to end. */
const MOST_IN_STUDY = 12;
const ENDING_MS = 600_000;
/** What a person must never see, whatever was killed. */
const FAULTS = /internal|went wrong|Unhandled|    at |ZodError/;
/** What is said of deaths that we caused. */
const OUR_DEED = /ended unexpectedly|ended while it started|times in a row/;

type Victim = 'command line' | 'service' | 'trainer';

export interface Torture {
  folder: string;
  kills: number;
  /** From 0 to 1. */
  random: () => number;
  say: (line: string) => void;
  longestMs?: number;
}

export interface Outcome {
  kills: number;
  studies: number;
  /** Studies that ended bit for bit as the undisturbed one. */
  alike: number;
  faults: string[];
}

export async function torture({ folder, kills, random, say, longestMs = 12_000 }: Torture): Promise<Outcome> {
  await writeSmallImages(join(folder, 'images'), 80);
  await writeFile(join(folder, 'torture.yaml'), RECIPE);
  const begin = (project: string) =>
    beginPretext(folder, ['study', 'run', 'torture.yaml', '--project', project, '--json']);
  const whatIsFound = async (project: string, stdout: string) => {
    const { results, summary } = studyResultSchema.parse(JSON.parse(stdout));
    // One that had just ended when its command line was killed was run once more, and took over all that was found.
    // The position that a fine-tuning run has left depends on when it was last paused; what it found does not.
    const models = (await weightsOf(join(folder, project))).filter(({ metadata }) => 'stage' in metadata);
    const weights = new Set(models.map((one) => JSON.stringify(one)));
    const found = results.map(({ reusedFrom: _twin, ...row }) => row);
    return JSON.stringify({ results: found, summary, weights: [...weights] });
  };
  const first = await begin('undisturbed').ended;
  if (first.status !== 0) throw new Error(`the undisturbed study failed: ${first.stderr}`);
  const expected = await whatIsFound('undisturbed', first.stdout);

  const outcome: Outcome = { kills: 0, studies: 0, alike: 0, faults: [] };
  while (outcome.kills < kills) {
    const project = `study-${++outcome.studies}`;
    let inStudy = 0;
    let running = begin(project);
    while (true) {
      const mayKill = outcome.kills < kills && inStudy < MOST_IN_STUDY;
      const ended = await Promise.race([
        running.ended,
        sleep(mayKill ? 200 + random() * longestMs : ENDING_MS, null, { ref: false }),
      ]);
      if (!ended && !mayKill) {
        outcome.faults.push(`${project} did not end: ${running.said().slice(-2000)}`);
        running.child.kill('SIGKILL');
        break;
      }
      if (!ended) {
        const victim = killOne(running, random());
        if (!victim) continue;
        inStudy++;
        outcome.kills++;
        say(`${outcome.kills}: ${project}, ${victim}; ${lastLine(running)}`);
        if (victim === 'trainer') continue;
        await running.ended;
      }
      note(outcome, project, running);
      if (ended?.status === 0) {
        const alike = (await whatIsFound(project, ended.stdout)) === expected;
        if (alike) outcome.alike++;
        else outcome.faults.push(`${project} ended otherwise than the undisturbed study`);
        say(`${project} ended after ${inStudy} kills, ${alike ? 'bit for bit alike' : 'OTHERWISE'}`);
        break;
      }
      if (ended && !OUR_DEED.test(running.said())) {
        outcome.faults.push(`${project} ended with ${ended.status}: ${running.said().slice(-2000)}`);
        say(outcome.faults.at(-1)!);
        break;
      }
      running = begin(project);
    }
  }
  return outcome;
}

function note({ faults }: Outcome, project: string, running: Running): void {
  const fault = FAULTS.exec(running.said());
  if (fault) faults.push(`${project} said “${fault[0]}”: ${running.said().slice(-2000)}`);
}

/** Null: what was to be killed does not live at the moment. */
function killOne({ child }: Running, chance: number): Victim | null {
  const [service] = childrenOf(child.pid!);
  const trainers = service === undefined ? [] : childrenOf(service);
  const victims: [Victim, number | undefined][] = [
    ['command line', child.pid],
    ['service', service],
    ['trainer', trainers[0]],
    ['trainer', trainers.at(-1)],
  ];
  const [victim, pid] = victims[Math.floor(chance * victims.length)]!;
  if (pid === undefined) return null;
  try {
    process.kill(pid, 'SIGKILL');
    return victim;
  } catch {
    return null;
  }
}

const lastLine = (running: Running) => running.said().trim().split('\n').at(-1) ?? '';

/** Numbers from 0 to 1 that repeat with their seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
