/**
 * Ends this process where those that it computes with have fallen silent. A process that ends is noticed at once; a
 * machine that loses its network or its power is not, and TensorFlow would wait for ever.
 */
import { Worker } from 'node:worker_threads';

/** The process that leads also looks at the network and writes between two steps, and the others wait for it. */
const PATIENCE_MS = 30 * 60_000;

export interface SilenceWatch {
  /** Computes what others take part in. */
  during<Value>(work: () => Value): Value;
  end(): void;
}

/** This thread stands still while TensorFlow waits: another one looks at the clock. */
const WATCH = `
const { workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const since = new BigInt64Array(workerData.since);
setInterval(() => {
  const began = Number(Atomics.load(since, 0));
  if (began === 0 || Date.now() - began < workerData.patienceMs) return;
  writeSync(2, workerData.words + '\\n');
  process.kill(process.pid, 'SIGKILL');
}, Math.min(10_000, workerData.patienceMs / 4));
`;

export function watchForSilence(addresses: readonly string[], patienceMs = PATIENCE_MS): SilenceWatch {
  const since = new SharedArrayBuffer(8);
  const words = `No word from ${addresses.join(', ')} for ${Math.round(patienceMs / 60_000)} minutes: a machine or the network between them is gone. Begin the run again, on all of them: it goes on from its last checkpoint.`;
  const watch = new Worker(WATCH, {
    eval: true,
    // Not what this process was started with.
    execArgv: [],
    workerData: { since, patienceMs, words },
  });
  watch.unref();
  const began = new BigInt64Array(since);
  return {
    during(work) {
      Atomics.store(began, 0, BigInt(Date.now()));
      try {
        return work();
      } finally {
        Atomics.store(began, 0, 0n);
      }
    },
    end: () => void watch.terminate(),
  };
}
