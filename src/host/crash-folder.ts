/** The user's folder of crash reports: the latest are kept, and nothing else in it is touched. */
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { crashReport, type Crash } from './crash-report.ts';
import { userFolder } from './user-folder.ts';
import { PROGRAM_VERSION } from './version.ts';

const KEPT = 20;
const NAME = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-\d{3}Z [a-z ]+\.txt$/;

/** `PRETEXT_CRASH_REPORTS`, or a folder beside the settings. */
export const crashFolder = (own: Record<string, string | undefined> = process.env): string =>
  own['PRETEXT_CRASH_REPORTS'] || join(userFolder(own), 'crash-reports');

/**
 * Writes a report down. Whatever hinders it must not make things worse: it is said, and not thrown.
 * @returns where it lies, or null
 */
export function keepCrashReport(crash: Crash, folder = crashFolder(), time = new Date()): string | null {
  try {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${time.toISOString().replaceAll(/[:.]/g, '-')} ${crash.process}.txt`);
    const text = crashReport(crash, {
      time,
      version: PROGRAM_VERSION,
      electron: process.versions['electron'] ?? process.env['PRETEXT_ELECTRON_VERSION'],
      memoryBytes: { free: freemem(), total: totalmem() },
    });
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
    for (const old of listCrashReports(folder).slice(KEPT)) rmSync(old, { force: true });
    return file;
  } catch (error) {
    console.error(`No crash report could be written: ${(error as Error).message}`);
    return null;
  }
}

/** Paths of the reports that are there, the latest first. */
export function listCrashReports(folder = crashFolder()): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    // No process has crashed yet, or the folder may not be read: there is nothing to show.
    return [];
  }
  return names
    .filter((name) => NAME.test(name))
    .sort()
    .reverse()
    .map((name) => join(folder, name));
}
