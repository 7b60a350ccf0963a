/** How much memory this process had at most. */
import { readFileSync } from 'node:fs';

/**
 * In mebibytes. On Linux a process's count of resources begins with what its parent held when it was started, so that a
 * small worker of a large bench would seem as large: there the kernel's own mark of this program is read.
 */
export function peakMiB(): number {
  const kilobytes = process.platform === 'linux' ? markOf(readFileSync('/proc/self/status', 'utf8')) : null;
  return (kilobytes ?? process.resourceUsage().maxRSS) / 1024;
}

const markOf = (status: string): number | null => {
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(status);
  return found ? Number(found[1]) : null;
};
