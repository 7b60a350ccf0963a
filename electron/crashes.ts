/** What main does when it, the window's page or a process of Chromium's ends unasked: a report, and the window again. */
import { app, dialog, shell, type BrowserWindow, type RenderProcessGoneDetails } from 'electron';
import { join } from 'node:path';
import { crashFolder, keepCrashReport, listCrashReports } from '../src/host/crash-folder.ts';
import { watchOwnErrors } from '../src/host/crash-watch.ts';
import { userFolder } from '../src/host/user-folder.ts';
import { markRunning } from './running-mark.ts';

/** Ends of Chromium's processes that somebody wanted, or that come with the end of the program. */
const ORDERLY = ['clean-exit', 'killed'];

/** @param asked the program is about to end: what ends then, ends with it */
export function watchCrashes(asked: () => boolean): void {
  watchOwnErrors('main');
  const end = markRunning(join(userFolder(), 'running'));
  app.on('will-quit', end);
  app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
    // Utility processes of ours are watched where they are started.
    if (type === 'Utility' || asked() || ORDERLY.includes(reason)) return;
    keepCrashReport({
      process: 'graphics',
      how: `${type}: ${reason}, status ${exitCode}`,
      trace: '',
      seconds: null,
    });
  });
}

/**
 * The page of a window that crashed is loaded again: without it there would be nothing to see, and nothing to click.
 * @param again what is to be opened in it
 */
export function reviveWindow(window: BrowserWindow, asked: () => boolean, again: () => void): void {
  window.webContents.on('render-process-gone', (_event, details) => {
    if (asked() || details.reason === 'clean-exit') return;
    const report = keepCrashReport({
      process: 'window',
      how: `${details.reason}, status ${details.exitCode}`,
      trace: '',
      seconds: process.uptime(),
    });
    void tell(window, details, report).then((yes) => {
      if (!yes) return app.quit();
      again();
      window.webContents.reload();
    });
  });
}

async function tell(
  window: BrowserWindow,
  { reason }: RenderProcessGoneDetails,
  report: string | null,
): Promise<boolean> {
  const memory = reason === 'oom' ? ' It ran out of memory.' : '';
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    title: 'Pretext Studio',
    message: 'What the window shows has ended unexpectedly.',
    detail:
      `${memory} Nothing of the project is lost: runs continue from their last checkpoint.${report ? `\n\nA report that holds no data lies in ${report}` : ''}`.trim(),
    buttons: ['Show it again', 'Quit'],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 0;
}

/** For the Help menu: the folder where there are reports, else that there are none. */
export async function showCrashReports(window: BrowserWindow | null): Promise<void> {
  const [latest] = listCrashReports();
  if (latest) return shell.showItemInFolder(latest);
  const options = {
    type: 'info' as const,
    message: 'No process of the program has crashed.',
    detail: `Reports would lie in ${crashFolder()}. They hold no data.`,
  };
  await (window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options));
}
