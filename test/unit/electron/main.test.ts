/** Main only joins its parts: here they stand in, and it is looked at what they are told. */
import { EventEmitter } from 'node:events';
import { beforeEach, expect, it, vi } from 'vitest';

interface Window extends EventEmitter {
  webContents: { isCrashed(): boolean; send: ReturnType<typeof vi.fn> };
  isMinimized(): boolean;
  restore: ReturnType<typeof vi.fn>;
  show: ReturnType<typeof vi.fn>;
  focus: ReturnType<typeof vi.fn>;
}
const parts = vi.hoisted(() => ({
  app: null as never as EventEmitter & { quit: ReturnType<typeof vi.fn>; setPath: ReturnType<typeof vi.fn> },
  first: true,
  packaged: false,
  window: null as never as Window,
  again: (() => undefined) as () => void,
  ending: (() => false) as () => boolean,
  closeProjects: (() => Promise.resolve()) as () => Promise<void>,
  opened: null as string | null,
  mayClose: true,
  menus: 0,
  menu: null as never as { quit(): void; open(directory: string): void; recent: unknown[] },
  answered: null as never as { given: { take(): string[] }; changed(): void },
  refused: [] as unknown[],
  order: [] as string[],
}));
vi.mock('electron', () => ({
  get app() {
    return parts.app;
  },
  Menu: { setApplicationMenu: () => void (parts.menus += 1) },
  nativeTheme: {
    set themeSource(theme: string) {
      parts.order.push(`theme ${theme}`);
    },
  },
}));
const at = '../../../electron/';
vi.mock('../../../electron/places.ts', () => ({
  findPlaces: () => ({
    entry: () => '',
    node: '/node',
    resources: '/resources',
    samples: '/samples',
    page: '/page.html',
    preload: '/preload.cjs',
    runtime: undefined,
  }),
}));
vi.mock('../../../electron/host.ts', () => ({ chooseHostKind: () => 'node', createMainHost: () => ({}) }));
vi.mock('../../../electron/crashes.ts', () => ({
  watchCrashes: (ending: () => boolean) => void (parts.ending = ending),
  reviveWindow: (_window: unknown, _ending: unknown, again: () => void) => void (parts.again = again),
}));
vi.mock('../../../electron/help.ts', () => ({ helpActions: () => ({}) }));
vi.mock('../../../electron/manners.ts', () => ({
  keepManners: () => ({ work: () => undefined, wishes: () => parts.order.push('manners') }),
}));
vi.mock('../../../electron/menu.ts', () => ({ createMenu: (menu: never) => (parts.menu = menu) }));
vi.mock('../../../electron/projects.ts', () => ({
  createProjects: () => ({ close: () => parts.closeProjects(), opened: () => parts.opened }),
}));
vi.mock('../../../electron/recent-menu.ts', () => ({ showRecentInSystem: () => undefined }));
vi.mock('../../../electron/settings.ts', () => ({
  listRecent: () => [
    { directory: '/there', exists: true },
    { directory: '/gone', exists: false },
  ],
  readSettings: () => ({ theme: 'dark', manners: {} }),
}));
vi.mock('../../../electron/shell.ts', () => ({
  answerWindow: (options: never) => void (parts.answered = options),
}));
vi.mock('../../../electron/windows.ts', () => ({
  createWindow: () => (parts.order.push('window'), parts.window),
  lockDown: (page: string) => parts.order.push(`lock ${page}`),
  refuseNavigation: (contents: unknown) => parts.refused.push(contents),
}));
vi.mock('../../../electron/work.ts', () => ({
  askBeforeClosing: () => undefined,
  watchWork: () => ({ onReport: () => undefined, mayClose: () => Promise.resolve(parts.mayClose) }),
}));

const settled = () => new Promise((resolve) => setImmediate(resolve));
beforeEach(() => {
  vi.resetModules();
  vi.unstubAllEnvs();
  vi.stubEnv('PRETEXT_USER_DATA', '');
  const app = Object.assign(new EventEmitter(), {
    isPackaged: true,
    quit: vi.fn(),
    setPath: vi.fn(),
    requestSingleInstanceLock: () => parts.first,
    whenReady: () => Promise.resolve(),
  });
  const window = Object.assign(new EventEmitter(), {
    webContents: { isCrashed: () => false, send: vi.fn() },
    isMinimized: () => true,
    restore: vi.fn(),
    show: vi.fn(),
    focus: vi.fn(),
  });
  Object.assign(parts, {
    app,
    window,
    first: true,
    opened: null,
    mayClose: true,
    menus: 0,
    refused: [],
    order: [],
    closeProjects: () => Promise.resolve(),
  });
});
async function started(argv: string[] = ['/program']) {
  const before = process.argv;
  process.argv = argv;
  await import(/* @vite-ignore */ `${at}main.ts`);
  process.argv = before;
  await settled();
}

it('locks the page down before there is a window, and shows menus of projects that are there', async () => {
  await started();
  expect(parts.order).toEqual(['lock /page.html', 'theme dark', 'window']);
  expect(parts.menus).toBe(1);
  expect(parts.menu.recent).toEqual([{ directory: '/there', exists: true }]);
  parts.answered.changed();
  expect([parts.menus, parts.order.at(-1)]).toEqual([2, 'manners']);
  const contents = {};
  parts.app.emit('web-contents-created', {}, contents);
  expect(parts.refused).toEqual([contents]);
});

it('gives way to a program that runs already', async () => {
  parts.first = false;
  await started();
  expect(parts.app.quit).toHaveBeenCalledOnce();
  expect(parts.order).toEqual([]);
});

it('keeps what belongs to its user where it is told to', async () => {
  vi.stubEnv('PRETEXT_USER_DATA', '/elsewhere');
  await started();
  expect(parts.app.setPath).toHaveBeenCalledWith('userData', '/elsewhere');
});

it('opens what it was started with, what a second start was given, and what the system hands over', async () => {
  await started(['/program', '--flag', '/data/a.pretext']);
  expect(parts.answered.given.take()).toEqual(['/data/a.pretext']);
  parts.app.emit('second-instance', {}, ['/program', 'b.pretext'], '/work');
  expect(parts.answered.given.take()).toEqual(['/work/b.pretext']);
  expect(parts.window.webContents.send).toHaveBeenCalledWith('pretext:open');
  expect(
    [parts.window.restore, parts.window.show, parts.window.focus].map((one) => one.mock.calls.length),
  ).toEqual([1, 1, 1]);
  const event = { preventDefault: vi.fn() };
  parts.app.emit('open-file', event, '/c.yaml');
  expect(event.preventDefault).toHaveBeenCalledOnce();
  parts.menu.open('/d');
  expect(parts.answered.given.take()).toEqual(['/c.yaml', '/d']);
});

it('opens the project again that was open when the page crashed', async () => {
  await started();
  parts.again();
  expect(parts.answered.given.take()).toEqual([]);
  parts.opened = '/p';
  parts.again();
  expect(parts.answered.given.take()).toEqual(['/p']);
});

it('asks before it quits by its menu, and not where there is no window any more', async () => {
  await started();
  parts.mayClose = false;
  parts.menu.quit();
  await settled();
  expect(parts.app.quit).not.toHaveBeenCalled();
  parts.window.emit('closed');
  parts.menu.quit();
  await settled();
  expect(parts.app.quit).toHaveBeenCalledOnce();
  parts.app.emit('window-all-closed');
  expect(parts.app.quit).toHaveBeenCalledTimes(2);
});

it('is gone only once the service has written down what it has', async () => {
  await started();
  let closed: () => void = () => undefined;
  parts.closeProjects = () => new Promise((resolve) => (closed = resolve));
  expect(parts.ending()).toBe(false);
  const first = { preventDefault: vi.fn() };
  parts.app.emit('before-quit', first);
  expect([parts.ending(), first.preventDefault.mock.calls.length, parts.app.quit.mock.calls.length]).toEqual([
    true,
    1,
    0,
  ]);
  closed();
  await settled();
  expect(parts.app.quit).toHaveBeenCalledOnce();
  const second = { preventDefault: vi.fn() };
  parts.app.emit('before-quit', second);
  expect(second.preventDefault).not.toHaveBeenCalled();
});
