/** How much memory a run may take. */

/**
 * What is free on this machine, or less where `PRETEXT_MEMORY_GB` says how much runs may take: on machines that others
 * use too.
 *
 * @param ownBytes what this process has taken already, where that is part of what it asks for
 */
export function freeMemory(ownBytes = 0): number {
  const free = process.availableMemory() + ownBytes;
  const most = Number(process.env['PRETEXT_MEMORY_GB']);
  return most > 0 ? Math.min(free, most * 1e9) : free;
}
