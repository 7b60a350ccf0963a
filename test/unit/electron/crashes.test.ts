import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listCrashReports } from '../../../src/host/crash-folder.ts';
import { folderOf } from '../../fixtures/imports.ts';

const system = vi.hoisted(() => ({
  asked: [] as Record<string, unknown>[],
  response: 0,
  shown: [] as string[],
  app: null as never as EventEmitter & { quit: ReturnType<typeof vi.fn> },
}));
vi.mock('electron', () => ({
  get app() {
    return system.app;
  },
  dialog: {
    showMessageBox: (...options: Record<string, unknown>[]) => {
      system.asked.push(options.at(-1)!);
      return Promise.resolve({ response: system.response });
    },
  },
  shell: { showItemInFolder: (path: string) => system.shown.push(path) },
}));
const { reviveWindow, showCrashReports, watchCrashes } = await import('../../../electron/crashes.ts');

let folder = '';
beforeEach(async () => {
  folder = await folderOf();
  Object.assign(system, {
    asked: [],
    response: 0,
    shown: [],
    app: Object.assign(new EventEmitter(), { quit: vi.fn() }),
  });
  vi.stubEnv('PRETEXT_CRASH_REPORTS', join(folder, 'reports'));
  vi.stubEnv('PRETEXT_CONFIG', join(folder, 'user'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  process.removeAllListeners('uncaughtExceptionMonitor');
});
const reports = () => listCrashReports(join(folder, 'reports'));
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a process of Chromium', () => {
  const gone = (type: string, reason: string) =>
    system.app.emit('child-process-gone', {}, { type, reason, exitCode: 139 });
  it('that crashed leaves a report; one that was wanted, or is ours, does not', async () => {
    let asked = false;
    watchCrashes(() => asked);
    gone('GPU', 'clean-exit');
    gone('GPU', 'killed');
    gone('Utility', 'crashed');
    expect(reports()).toEqual([]);
    gone('GPU', 'crashed');
    expect(reports()).toHaveLength(1);
    expect(await readFile(reports()[0]!, 'utf8')).toContain('ended: GPU: crashed, status 139');
    asked = true;
    gone('GPU', 'crashed');
    expect(reports()).toHaveLength(1);
  });

  it('is watched while a mark says that the program runs, which is taken away at its end', () => {
    watchCrashes(() => false);
    expect(existsSync(join(folder, 'user', 'running'))).toBe(true);
    system.app.emit('will-quit');
    expect(existsSync(join(folder, 'user', 'running'))).toBe(false);
  });
});

describe('the page of a window', () => {
  function revived(asked = false) {
    const webContents = Object.assign(new EventEmitter(), { reload: vi.fn() });
    const again = vi.fn();
    reviveWindow({ webContents } as never, () => asked, again);
    return {
      webContents,
      again,
      gone: (reason: string) => webContents.emit('render-process-gone', {}, { reason, exitCode: 9 }),
    };
  }

  it('that crashed is loaded again, after the person was told where the report lies', async () => {
    const { webContents, again, gone } = revived();
    gone('oom');
    await settled();
    expect(system.asked[0]).toMatchObject({
      message: 'What the window shows has ended unexpectedly.',
      detail: `It ran out of memory. Nothing of the project is lost: runs continue from their last checkpoint.\n\nA report that holds no data lies in ${reports()[0]}`,
      buttons: ['Show it again', 'Quit'],
    });
    expect([again.mock.calls.length, webContents.reload.mock.calls.length]).toEqual([1, 1]);
    expect(system.app.quit).not.toHaveBeenCalled();
  });

  it('is not, where the person would rather quit', async () => {
    const { webContents, again, gone } = revived();
    system.response = 1;
    gone('crashed');
    await settled();
    expect((system.asked[0]!['detail'] as string).startsWith('Nothing of the project is lost')).toBe(true);
    expect(system.app.quit).toHaveBeenCalledOnce();
    expect([again.mock.calls.length, webContents.reload.mock.calls.length]).toEqual([0, 0]);
  });

  it('is let go where it ended in order, or with the program', async () => {
    revived().gone('clean-exit');
    revived(true).gone('crashed');
    await settled();
    expect([system.asked, reports()]).toEqual([[], []]);
  });
});

describe('reports', () => {
  it('are shown in their folder, or it is said that there are none', async () => {
    await showCrashReports(null);
    expect(system.asked[0]).toMatchObject({
      message: 'No process of the program has crashed.',
      detail: `Reports would lie in ${join(folder, 'reports')}. They hold no data.`,
    });
    watchCrashes(() => false);
    system.app.emit('child-process-gone', {}, { type: 'GPU', reason: 'crashed', exitCode: 1 });
    await showCrashReports(null);
    expect(system.shown).toEqual([reports()[0]]);
  });
});
