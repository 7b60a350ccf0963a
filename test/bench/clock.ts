/**
 * What the bench measures time by. By the clock as a rule. On a machine that others use as well, threads that wait for
 * each other say more about these others than about the work: there, processor time with one thread on each side can
 * still be compared.
 */
export const clocks = ['wall', 'processor'] as const;
export type Clock = (typeof clocks)[number];

/** Told to workers, the peers' among them, through their environment. */
export const CLOCK_VARIABLE = 'PRETEXT_BENCH_CLOCK';

export const benchClock = (): Clock => (process.env[CLOCK_VARIABLE] === 'processor' ? 'processor' : 'wall');

/** Threads that a worker computes with; left out: all. */
export const benchThreads = (): { threads?: number } => (benchClock() === 'processor' ? { threads: 1 } : {});

/** Milliseconds since some moment, by the bench's clock. */
export function benchNow(): number {
  if (benchClock() === 'wall') return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
