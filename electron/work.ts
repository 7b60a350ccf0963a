/** What goes on in the open project, as the window tells it; closing the window or the program asks first. */
import { dialog, type BrowserWindow } from 'electron';
import { NO_WORK, type Work } from '../src/contract/messages/shell.ts';
import { laterWords, workWords } from '../src/contract/messages/work-words.ts';

export interface WorkWatch {
  report(work: Work): void;
  onReport(listener: (work: Work) => void): void;
  /** Whether the window may be closed: true at once where nothing goes on. */
  mayClose(window: BrowserWindow): Promise<boolean>;
}

export function watchWork(): WorkWatch {
  let work = NO_WORK;
  const listeners: ((work: Work) => void)[] = [];
  return {
    report: (told) => {
      work = told;
      for (const listener of listeners) listener(told);
    },
    onReport: (listener) => void listeners.push(listener),
    mayClose: async (window) => workWords(work) === '' || ask(window, work),
  };
}

async function ask(window: BrowserWindow, work: Work): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    title: 'Pretext Studio',
    message: `Close while there is work to do: ${workWords(work)}?`,
    detail: laterWords(work),
    buttons: ['Close', 'Keep working'],
    defaultId: 1,
    cancelId: 1,
  });
  return response === 0;
}

/**
 * Holds the window's closing back until the person has answered. Who ends the program from outside (a signal, the
 * end of the system's session) is not asked: nothing is lost then either.
 */
export function askBeforeClosing(window: BrowserWindow, work: WorkWatch, ending: () => boolean): void {
  let asking = false;
  window.on('close', (event) => {
    if (ending()) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    void work
      .mayClose(window)
      // A question that cannot be put holds nobody back.
      .catch(() => true)
      .then((yes) => {
        asking = false;
        if (yes) window.destroy();
      });
  });
}
