/**
 * Trainers of this machine that compute a run together with another one, which leads: it is given the job as alone, and
 * all are given their part of it here. Where one of them ends before the run does, all do.
 */
import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { ToTrainer } from '../contract/messages/trainer.ts';
import type { HostedExit } from '../contract/messages/host.ts';
import { freeAddresses } from './free-ports.ts';
import type { TrainerLink, TrainerListener } from './trainer-listener.ts';

export type StartMessage = Extract<ToTrainer, { type: 'start' }>;

/** How long the one that leads may take to find out by itself that another is gone. */
const PATIENCE_MS = 10_000;
/** How long it may take to hear of the end of a process from the system. */
const HEARSAY_MS = 3000;

export interface Helpers {
  kill(): void;
  /** How a helper ended before the run did: this is then how the run ended. */
  readonly lost: HostedExit | null;
  /** Whether it turns out soon that one did, as the one that leads says that one is gone. */
  tellsOfLoss(): Promise<boolean>;
}

/** How many processes a run is to have. */
export const processesOf = (message: ToTrainer): number =>
  message.type === 'start' && message.job.kind === 'pretext' ? (message.places.processes ?? 1) : 1;

/**
 * Starts the helpers, and tells the leader to begin.
 *
 * @param link starts one of them; which graphics processor it is to have stands in the environment
 */
export function startHelpers(
  start: StartMessage,
  leader: TrainerLink,
  link: (listener: TrainerListener, environment: Record<string, string>) => TrainerLink,
): Helpers {
  const count = processesOf(start);
  const { threads } = start.places;
  const share = Math.max(1, Math.floor((threads ?? availableParallelism()) / count));
  const helpers: TrainerLink[] = [];
  let lost: HostedExit | null = null;
  let ended = false;
  const heard = Promise.withResolvers<boolean>();
  const partOf = (rank: number, addresses: string[]): StartMessage => ({
    ...start,
    places: { ...start.places, processes: undefined, threads: share, meeting: { addresses, rank } },
  });
  const helper = (rank: number, addresses: string[]) => {
    let isOver = false;
    const own = link(
      {
        onMessage(message) {
          if (message.type === 'ready') own.send(partOf(rank, addresses));
          else if (['done', 'paused', 'cancelled', 'failed'].includes(message.type)) {
            isOver = true;
            own.kill();
          }
        },
        onEnd(exit) {
          if (isOver || ended || lost) return;
          const { code, signal } = exit;
          lost = { code, signal, lastOutput: `process ${rank + 1} of ${count} ended: ${exit.lastOutput}` };
          heard.resolve(true);
          setTimeout(() => leader.kill(), PATIENCE_MS).unref();
        },
      },
      { CUDA_VISIBLE_DEVICES: visibleDevice(rank) },
    );
    return own;
  };
  const begin = async () => {
    const addresses = await freeAddresses(count);
    if (ended) return;
    for (let rank = 1; rank < count; rank++) helpers.push(helper(rank, addresses));
    leader.send(partOf(0, addresses));
  };
  begin().catch((error: unknown) => {
    lost = { code: null, signal: null, lastOutput: `No port is free: ${String(error)}` };
    leader.kill();
  });
  return {
    get lost() {
      return lost;
    },
    tellsOfLoss: () => Promise.race([heard.promise, wait(HEARSAY_MS, false)]),
    kill() {
      ended = true;
      for (const one of helpers) one.kill();
    },
  };
}

/** Each process has a graphics processor of its own, of those that this one may use. */
function visibleDevice(rank: number): string {
  const visible = process.env['CUDA_VISIBLE_DEVICES']?.split(',').filter((name) => name !== '');
  if (!visible) return String(rank);
  return visible[rank % Math.max(1, visible.length)] ?? '';
}
