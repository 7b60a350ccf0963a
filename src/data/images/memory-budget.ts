/** Memory that works side by side may take together: a work waits until what it needs is free. */

export interface MemoryBudget {
  /** Runs `work` when `bytes` are free; a work that needs more than all there is runs alone. */
  within<T>(bytes: number, work: () => Promise<T>): Promise<T>;
}

export function createMemoryBudget(limit: number): MemoryBudget {
  let taken = 0;
  const waiting: { bytes: number; begin: () => void }[] = [];
  const startNext = () => {
    for (let next = waiting[0]; next && (taken === 0 || taken + next.bytes <= limit); next = waiting[0]) {
      waiting.shift();
      taken += next.bytes;
      next.begin();
    }
  };
  return {
    async within(bytes, work) {
      await new Promise<void>((begin) => {
        waiting.push({ bytes, begin });
        startNext();
      });
      try {
        return await work();
      } finally {
        taken -= bytes;
        startNext();
      }
    },
  };
}
