/** While a run trains the computer does not sleep, and when long work has ended its user is told: both as they wish. */
import { app, Notification, powerSaveBlocker, type BrowserWindow } from 'electron';
import type { Manners, Work } from '../src/contract/messages/shell.ts';

/** What took less is still remembered by whoever started it. */
const LONG_WORK_MS = 60_000;

export interface MannersKeeper {
  /** What goes on now; told whenever it changes. */
  work(work: Work): void;
  /** The wishes are others now. */
  wishes(manners: Manners): void;
}

export function keepManners(window: () => BrowserWindow | null, wished: Manners): MannersKeeper {
  let manners = wished;
  let training = false;
  let busySince: number | null = null;
  let blocker: number | null = null;

  function holdSleepOff(): void {
    const wanted = training && manners.keepAwake;
    if (wanted && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension');
    if (!wanted && blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
  }

  return {
    work: ({ running, waiting, imports }) => {
      training = running > 0;
      holdSleepOff();
      const busy = running + waiting + imports > 0;
      const began = busySince;
      busySince = busy ? (began ?? Date.now()) : null;
      const long = !busy && began !== null && Date.now() - began >= LONG_WORK_MS;
      if (long && manners.notify && !window()?.isFocused()) tell(window);
    },
    wishes: (changed) => {
      manners = changed;
      holdSleepOff();
    },
  };
}

/** It names neither project nor data: notes are shown on locked screens too. */
function tell(window: () => BrowserWindow | null): void {
  if (!Notification.isSupported()) return;
  const note = new Notification({
    title: 'The work has ended',
    body: `${app.getName()} has nothing left to train or to import.`,
  });
  note.on('click', () => {
    window()?.show();
    window()?.focus();
  });
  note.show();
}
