/** Progress of an import with rate and time left, told at most ten times a second. */
import type { ImportProgress } from '../../contract/index.ts';

export type DataProgress = Omit<ImportProgress, 'id' | 'name'>;

export interface ProgressMeter {
  /** Starts a phase; `total` null when it is not known. */
  phase(name: string, total: number | null): void;
  /** `count` more are done. */
  advance(count?: number): void;
  /** So much is done of a phase that counts by itself. */
  at(phase: string, done: number, total: number): void;
  /** Tells the present state now. */
  flush(): void;
}

const REPORT_EVERY_MS = 100;

export function createProgressMeter(
  report: ((progress: DataProgress) => void) | undefined,
  leftOut: () => number,
  now: () => number = () => performance.now(),
): ProgressMeter {
  let name = '';
  let total: number | null = null;
  let done = 0;
  let started = now();
  let reported = -Infinity;

  const flush = () => {
    reported = now();
    const seconds = (reported - started) / 1000;
    const perSecond = done > 0 && seconds > 0.2 ? done / seconds : null;
    const secondsLeft = perSecond !== null && total !== null ? Math.max(0, total - done) / perSecond : null;
    report?.({ phase: name, done, total, perSecond, secondsLeft, leftOut: leftOut() });
  };
  const begin = (nextName: string, nextTotal: number | null) => {
    name = nextName;
    total = nextTotal;
    done = 0;
    started = now();
    flush();
  };
  const move = (to: number) => {
    done = to;
    if (now() - reported >= REPORT_EVERY_MS) flush();
  };
  return {
    phase: begin,
    advance: (count = 1) => move(done + count),
    at(phase, reached, whole) {
      if (phase !== name) begin(phase, whole);
      move(reached);
    },
    flush,
  };
}
