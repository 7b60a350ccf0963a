/**
 * A mark that the window's program is running, taken away at its orderly end. Found at a start, it says that the one
 * before ended without a word: what ends main natively leaves nobody who could write a report.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { keepCrashReport } from '../src/host/crash-folder.ts';

/**
 * Call it once, by the only program that uses this folder.
 * @returns how to take the mark away
 */
export function markRunning(file: string, now = new Date(), keep = keepCrashReport): () => void {
  try {
    if (existsSync(file)) keep({ process: 'main', how: HOW, trace: '', seconds: secondsSince(file, now) });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, now.toISOString());
  } catch (error) {
    // A folder that cannot be written to keeps nobody from working.
    console.error(`It cannot be noted that the program runs: ${(error as Error).message}`);
  }
  return () => rmSync(file, { force: true });
}

const HOW = 'without a word: it crashed, was killed, or the computer stopped. Noticed at the next start';

function secondsSince(file: string, now: Date): number | null {
  const started = Date.parse(readFileSync(file, 'utf8'));
  return Number.isNaN(started) ? null : (now.getTime() - started) / 1000;
}
