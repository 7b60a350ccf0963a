/** What every bench is given. */
import { benchClock } from '../clock.ts';
import type { BenchRow } from '../document.ts';
import { compare } from '../statistics.ts';
import type { DuelTimes } from '../duel.ts';

/** Data that `tasks` and, of those of signals, `defaults` can use. */
export const taskDataNames = [
  'fashion-mnist',
  'emoji',
  'wrist-gestures',
  'chest-x-rays',
  'emg-36-people',
  'rhythms',
  'phone-activities',
  'watch-exercises',
] as const;
export type TaskData = (typeof taskDataNames)[number];
/** Those of its table; the others are used where they are named. */
export const usualTaskData: readonly TaskData[] = ['fashion-mnist', 'emoji', 'wrist-gestures'];

export interface BenchContext {
  /** The Python that has the peers. */
  python: string;
  /** An empty folder of its own, removed afterwards. */
  folder: string;
  rounds: number;
  roundMs: number;
  /** Ids of the pretext tasks that `methods` and `tasks` are about; null for all. */
  only: readonly string[] | null;
  /** Of the epochs that tasks propose, the share that `tasks` trains. */
  share: number;
  /** What `tasks` and `defaults` run on; null for what they usually take. */
  data: readonly TaskData[] | null;
  /** One line about what goes on, for the person who waits. */
  say(line: string): void;
}

/** Times of steps as a row. */
export function timeRow(row: Pick<BenchRow, 'bench' | 'case' | 'peerName'>, times: DuelTimes): BenchRow {
  const unit = benchClock() === 'wall' ? 'ms per step' : 'ms of processor time per step';
  return { ...row, unit, ...compare(times.ours, times.peer, 'smaller') };
}

/** Times of passes over a number of samples as a row of rates. */
export function rateRow(
  row: Pick<BenchRow, 'bench' | 'case' | 'peerName' | 'unit'>,
  times: DuelTimes,
  samples: number,
): BenchRow {
  const rates = (values: readonly number[]) => values.map((milliseconds) => (samples * 1000) / milliseconds);
  return { ...row, ...compare(rates(times.ours), rates(times.peer), 'larger') };
}

/** "PyTorch, channels last" from what a worker told of itself. */
export function peerName(name: string, layout: string | undefined): string {
  if (!layout) return name;
  return `${name}, ${layout === 'torch.channels_last' ? 'channels last' : 'contiguous'}`;
}
