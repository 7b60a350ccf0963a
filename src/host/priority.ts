/** A process that leaves the processor to others: it gets what they do not use. */
import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/** The argument by which a process is told to stand behind others. */
export const LOW_PRIORITY = '--low-priority';

/**
 * Linux keeps a priority for each thread, and threads inherit it when they begin: those that are there already are
 * changed one by one. Elsewhere the process has one.
 */
export function standBehindOthers(platform = process.platform): void {
  const below = constants.priority.PRIORITY_BELOW_NORMAL;
  if (platform !== 'linux') {
    setPriority(below);
    return;
  }
  for (const thread of readdirSync('/proc/self/task')) {
    try {
      setPriority(Number(thread), below);
    } catch (error) {
      // A thread that has ended meanwhile.
      if ((error as NodeJS.ErrnoException & { info?: { code?: string } }).info?.code !== 'ESRCH') throw error;
    }
  }
}
