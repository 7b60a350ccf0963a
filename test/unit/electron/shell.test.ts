import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { callChannel, CALLS, type Call } from '../../../electron/channels.ts';
import { folderOf } from '../../fixtures/imports.ts';

type Handler = (event: unknown, question: unknown) => unknown;
const system = vi.hoisted(() => ({
  handlers: new Map<string, Handler>(),
  userData: '',
  open: { canceled: false, filePaths: [] as string[] },
  save: { canceled: false, filePath: '' },
  asked: [] as Record<string, unknown>[],
  shown: [] as string[],
  trashed: [] as string[],
  trashFails: false,
  theme: { themeSource: 'system' },
}));
vi.mock('electron', () => ({
  app: {
    getPath: (name: string) => (name === 'userData' ? system.userData : '/home/docs'),
    getVersion: () => '1.2.3',
  },
  dialog: {
    showOpenDialog: (_window: unknown, options: Record<string, unknown>) => (
      system.asked.push(options),
      Promise.resolve(system.open)
    ),
    showSaveDialog: (_window: unknown, options: Record<string, unknown>) => (
      system.asked.push(options),
      Promise.resolve(system.save)
    ),
  },
  ipcMain: { handle: (channel: string, handler: Handler) => system.handlers.set(channel, handler) },
  nativeTheme: system.theme,
  shell: {
    showItemInFolder: (path: string) => system.shown.push(path),
    trashItem: (path: string) =>
      system.trashFails
        ? Promise.reject(new Error('it is in use'))
        : Promise.resolve(system.trashed.push(path)),
  },
}));
vi.mock('../../../electron/pdf.ts', () => ({
  printToPdf: (html: string) => Promise.resolve(Buffer.from(`%PDF of ${html}`)),
}));
const { answerWindow } = await import('../../../electron/shell.ts');
const { noteOpened } = await import('../../../electron/settings.ts');

let folder = '';
let state = {
  opened: [] as unknown[],
  closed: 0,
  changed: 0,
  open: null as string | null,
  work: [] as unknown[],
  given: ['/x'],
};
const window = { webContents: { mainFrame: 'our frame' } };
let shown: object | null = window;

beforeEach(async () => {
  folder = await folderOf();
  Object.assign(system, {
    userData: join(folder, 'user'),
    open: { canceled: false, filePaths: [] },
    save: { canceled: false, filePath: '' },
    asked: [],
    shown: [],
    trashed: [],
    trashFails: false,
  });
  state = { opened: [], closed: 0, changed: 0, open: null, work: [], given: ['/x'] };
  shown = window;
  system.handlers.clear();
  answerWindow({
    window: () => shown as never,
    projects: {
      open: (_window: unknown, directory: string, before: unknown) => {
        state.opened.push([directory, before]);
        return Promise.resolve(
          directory.includes('bad')
            ? { opened: false, failure: { code: 'x', message: 'No.' } }
            : { opened: true, project: { directory, name: 'P', session: 1 } },
        );
      },
      close: () => Promise.resolve(void (state.closed += 1)),
      isOpen: (directory: string) => directory === state.open,
      opened: () => state.open,
    } as never,
    work: { report: (work: unknown) => state.work.push(work) } as never,
    hostKind: 'node',
    samples: '/samples',
    given: { take: () => state.given.splice(0), add: () => undefined },
    changed: () => void (state.changed += 1),
  });
});
// Handlers throw or reject: to the window it is the same.
const ask = async (call: Call, question?: unknown, senderFrame: unknown = 'our frame') =>
  system.handlers.get(callChannel(call))!({ senderFrame }, question);
const project = (name: string, database = true) => {
  const directory = join(folder, name);
  mkdirSync(directory);
  if (database) writeFileSync(join(directory, 'project.db'), '');
  return directory;
};

describe('questions', () => {
  it('are answered one and all, and only those of our own page', async () => {
    expect([...system.handlers.keys()].sort()).toEqual(CALLS.map(callChannel).sort());
    await expect(ask('theme', undefined, 'another frame')).rejects.toThrow(
      'a question came from a page that is not the program’s own',
    );
    shown = null;
    await expect(ask('theme')).rejects.toThrow('not the program’s own');
  });

  it('are checked before they are answered', async () => {
    await expect(ask('openProject', { directory: '' })).rejects.toThrow();
    await expect(ask('createProject', { directory: '/p', name: ' ' })).rejects.toThrow();
    await expect(ask('reportWork', { running: -1, waiting: 0, imports: 0 })).rejects.toThrow();
    await expect(ask('setTheme', 'purple')).rejects.toThrow();
    await expect(ask('saveText', { title: 'Save', text: 5 })).rejects.toThrow();
    expect([state.opened, state.work]).toEqual([[], []]);
  });

  it('about the program are answered', async () => {
    expect(await ask('info')).toMatchObject({
      platform: process.platform,
      versions: { app: '1.2.3' },
      processes: 'node',
      documentsDirectory: '/home/docs',
      samplesDirectory: '/samples',
    });
    expect([await ask('pathsToOpen'), await ask('pathsToOpen')]).toEqual([['/x'], []]);
    await ask('reportWork', { running: 1, waiting: 0, imports: 0 });
    expect(state.work).toEqual([{ running: 1, waiting: 0, imports: 0 }]);
    expect(await ask('examine', { path: folder })).toEqual({ kind: 'data', path: folder });
  });

  it('about looks and manners are kept', async () => {
    expect([await ask('theme'), await ask('manners')]).toEqual(['system', { keepAwake: true, notify: true }]);
    await ask('setTheme', 'dark');
    expect([await ask('theme'), system.theme.themeSource]).toEqual(['dark', 'dark']);
    expect(await ask('setManners', { notify: false })).toEqual({ keepAwake: true, notify: false });
    expect(state.changed).toBe(1);
  });
});

describe('projects', () => {
  it('are opened and made, and the menus told where they were', async () => {
    await ask('openProject', { directory: '/p' });
    await ask('openProject', { directory: '/p', repair: true });
    await ask('createProject', { directory: '/q', name: ' New ' });
    expect(await ask('openProject', { directory: '/bad' })).toMatchObject({ opened: false });
    expect(state.opened).toEqual([
      ['/p', { repair: false }],
      ['/p', { repair: true }],
      ['/q', { create: 'New' }],
      ['/bad', { repair: false }],
    ]);
    expect(state.changed).toBe(3);
    await ask('closeProject');
    expect(state.closed).toBe(1);
  });

  it('are listed, renamed and forgotten', async () => {
    noteOpened('/p', 'P');
    await ask('renameProject', { directory: '/p', name: 'Q' });
    expect(await ask('recentProjects')).toMatchObject([{ directory: '/p', name: 'Q', exists: false }]);
    await ask('forgetProject', { directory: '/p' });
    expect(await ask('recentProjects')).toEqual([]);
  });

  it('go to the trash only where they are projects that were opened here', async () => {
    const [own, stranger, hollow] = [project('own'), project('stranger'), project('hollow', false)];
    noteOpened(own, 'Own');
    noteOpened(hollow, 'Hollow');
    for (const directory of [stranger, hollow, '/'])
      expect(await ask('trashProject', { directory })).toEqual({
        code: 'project.not-a-project',
        message: 'This folder is no project of the program, so it was not moved to the trash.',
        place: directory,
        remedy: 'Delete it yourself if it is not needed any more.',
      });
    expect(system.trashed).toEqual([]);
    state.open = own;
    expect(await ask('trashProject', { directory: own })).toBeNull();
    expect([system.trashed, state.closed]).toEqual([[own], 1]);
    expect(
      ((await ask('recentProjects')) as { directory: string }[]).map(({ directory }) => directory),
    ).toEqual([hollow]);
  });

  it('stay where the trash does not take them', async () => {
    const own = project('own');
    noteOpened(own, 'Own');
    system.trashFails = true;
    expect(await ask('trashProject', { directory: own })).toMatchObject({
      code: 'project.not-trashed',
      message: 'The project could not be moved to the trash: it is in use',
      place: own,
    });
    expect(await ask('recentProjects')).toHaveLength(1);
  });
});

describe('files', () => {
  it('are chosen in the system’s dialogs', async () => {
    system.open = { canceled: false, filePaths: [folder] };
    expect(await ask('chooseFolder', { title: 'Choose' })).toBe(folder);
    expect(await ask('chooseFiles', { title: 'Choose', multiple: true })).toEqual([folder]);
    await ask('chooseFiles', { title: 'Choose' });
    expect(system.asked.map(({ properties }) => properties)).toEqual([
      ['openDirectory', 'createDirectory'],
      ['openFile', 'multiSelections'],
      ['openFile'],
    ]);
    system.open = { canceled: true, filePaths: [] };
    expect([
      await ask('chooseFolder', { title: 'Choose' }),
      await ask('chooseFiles', { title: 'Choose' }),
    ]).toEqual([null, []]);
  });

  it('are written where the person says: text, bytes and pages', async () => {
    for (const [call, more, content] of [
      ['saveText', { text: 'a,b\n' }, 'a,b\n'],
      ['saveBytes', { bytes: Uint8Array.of(104, 105) }, 'hi'],
      ['savePdf', { html: '<p>' }, '%PDF of <p>'],
    ] as const) {
      const filePath = join(folder, call);
      system.save = { canceled: false, filePath };
      expect(await ask(call, { title: 'Save', ...more })).toEqual({ saved: filePath, failure: null });
      expect(readFileSync(filePath, 'utf8')).toBe(content);
      system.save = { canceled: true, filePath: join(folder, 'not wanted') };
      expect(await ask(call, { title: 'Save', ...more })).toEqual({ saved: null, failure: null });
    }
    expect(existsSync(join(folder, 'not wanted'))).toBe(false);
  });

  it('that cannot be written are told, with what to do', async () => {
    const filePath = join(folder, 'no such folder', 'a.csv');
    system.save = { canceled: false, filePath };
    expect(await ask('saveText', { title: 'Save', text: '' })).toMatchObject({
      saved: null,
      failure: {
        code: 'file.not-written',
        place: filePath,
        remedy: 'Choose another folder, or free some disk space, and save it again.',
      },
    });
  });

  it('are shown only where the person saved or chose them, or in a project', async () => {
    const own = project('own');
    noteOpened(own, 'Own');
    await expect(ask('showInFolder', '/etc/passwd')).rejects.toThrow(
      'the window asked to show what is no project: /etc/passwd',
    );
    await ask('showInFolder', own);
    const filePath = join(folder, 'later.csv');
    await expect(ask('showInFolder', filePath)).rejects.toThrow();
    system.save = { canceled: false, filePath };
    expect(await ask('saveFile', { title: 'Save' })).toBe(filePath);
    await ask('showInFolder', filePath);
    const chosen = await folderOf();
    system.open = { canceled: false, filePaths: [chosen] };
    await ask('chooseFolder', { title: 'Choose' });
    await ask('showInFolder', join(chosen, 'written there'));
    expect(system.shown).toEqual([own, filePath, join(chosen, 'written there')]);
  });
});
