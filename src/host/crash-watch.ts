/** Watches processes that this one started, and errors that nobody catches in this one: each crash leaves a report. */
import type { HostedProcess } from '../contract/messages/host.ts';
import { keepCrashReport } from './crash-folder.ts';
import { howItCrashed, type CrashedProcess } from './crash-report.ts';

export interface CrashWatch {
  /** It is ended on purpose: how it ends from now on is no crash. */
  asked(): void;
}

/** @param keep where the report goes; for tests */
export function watchForCrash(
  hosted: Pick<HostedProcess, 'onExit'>,
  process: CrashedProcess,
  keep: typeof keepCrashReport = keepCrashReport,
): CrashWatch {
  const startedMs = performance.now();
  let asked = false;
  hosted.onExit((exit) => {
    const how = asked ? null : howItCrashed(exit);
    if (how === null) return;
    keep({ process, how, trace: exit.lastOutput, seconds: (performance.now() - startedMs) / 1000 });
  });
  return { asked: () => void (asked = true) };
}

/** Errors of this process that nobody caught; what becomes of it is decided elsewhere. */
export function watchOwnErrors(own: CrashedProcess): void {
  process.on('uncaughtExceptionMonitor', (error) => reportError(own, error));
}

/** @returns where the report lies, or null where none could be written */
export function reportError(own: CrashedProcess, error: unknown): string | null {
  const trace = error instanceof Error ? (error.stack ?? error.name) : '';
  return keepCrashReport({
    process: own,
    how: 'by an error that nobody caught',
    trace,
    seconds: process.uptime(),
  });
}
