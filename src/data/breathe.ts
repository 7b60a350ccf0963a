/** Lets other work go on beside a long one in the same process. */

/** Lets everything else that waits in this process run. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const BREATHE_EVERY_MS = 15;

/** For loops of many small steps that never wait by themselves: breathes when it is time to. */
export function createPacer(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < BREATHE_EVERY_MS) return undefined;
    return breathe().then(() => {
      last = performance.now();
    });
  };
}
