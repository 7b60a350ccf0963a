/** The GPU pack in words. */
import type { GpuPackProgress } from '../../../src/contract/machine/gpu-pack.ts';
import { gigabytes } from '../../../src/contract/machine/memory.ts';
import { formatTimeLeft } from '../words/format.ts';

/** "Fetching nvidia-cudnn-cu12: 1.2 of 3.4 GB, 12 MB/s, 3 min left" */
export function progressWords(
  { words, doneBytes, totalBytes }: Extract<GpuPackProgress, { type: 'progress' }>,
  elapsedMs: number,
): string {
  const done = `${words}: ${(doneBytes / 1e9).toFixed(1)} of ${gigabytes(totalBytes)}`;
  if (doneBytes === 0 || elapsedMs < 2000) return done;
  const rate = doneBytes / (elapsedMs / 1000);
  const left = (totalBytes - doneBytes) / rate;
  return `${done}, ${(rate / 1e6).toFixed(0)} MB/s, ${formatTimeLeft(left)}`;
}
