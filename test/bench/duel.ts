/** Two workers measured in turn, so that what else the machine does meets both. */
import { stepsFor } from './statistics.ts';
import type { Worker } from './worker.ts';

export interface DuelOptions {
  rounds: number;
  /** How long the slower side's round shall last. */
  roundMs: number;
  /** Steps of a round, where they are given. */
  steps?: number;
}

/** Milliseconds a step, round by round. */
export interface DuelTimes {
  ours: number[];
  peer: number[];
}

/** Warms both up, then runs A-B-A-B; who begins changes from round to round. */
export async function duel(ours: Worker, peer: Worker, options: DuelOptions): Promise<DuelTimes> {
  requireEqualSize(ours, peer);
  const warm = options.steps ?? 2;
  const slower = Math.max(await warmed(ours, warm), await warmed(peer, warm));
  const steps = options.steps ?? stepsFor(options.roundMs, slower);
  const times: DuelTimes = { ours: [], peer: [] };
  for (let round = 0; round < options.rounds; round++) {
    const turn = [() => measure(ours, times.ours, steps), () => measure(peer, times.peer, steps)];
    if (round % 2 === 1) turn.reverse();
    for (const go of turn) await go();
  }
  return times;
}

async function measure(worker: Worker, times: number[], steps: number): Promise<void> {
  times.push((await worker.run(steps)) / steps);
}

/** Milliseconds of a step once everything has run. */
async function warmed(worker: Worker, steps: number): Promise<number> {
  await worker.run(steps);
  return (await worker.run(steps)) / steps;
}

/** A comparison of different networks would be worth nothing. */
function requireEqualSize(ours: Worker, peer: Worker): void {
  const [own, other] = [ours.started.parameters, peer.started.parameters];
  if (own === other) return;
  throw new Error(`The two networks differ: ${own} trainable numbers of ours, ${other} of the peer.`);
}
