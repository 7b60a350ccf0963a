import { EventEmitter } from 'node:events';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it, vi } from 'vitest';

interface Bounds {
  x?: number;
  y?: number;
  width: number;
  height: number;
  maximized: boolean;
}
const system = vi.hoisted(() => ({
  kept: { width: 1000, height: 700, maximized: false } as Bounds,
  made: [] as Record<string, unknown>[],
  did: [] as string[],
  windows: [] as EventEmitter[],
}));
vi.mock('../../../electron/settings.ts', () => ({
  readSettings: () => ({ window: system.kept }),
  changeSettings: (change: () => { window: Bounds }) => void (system.kept = change().window),
}));
vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  class BrowserWindow extends Emitter {
    webContents = { setWebRTCIPHandlingPolicy: (policy: string) => system.did.push(policy) };
    constructor(options: Record<string, unknown>) {
      super();
      system.made.push(options);
      system.windows.push(this);
    }
    maximize = () => system.did.push('maximize');
    show = () => system.did.push('show');
    getNormalBounds = () => ({ x: 5, y: 6, width: 1200, height: 900 });
    isMaximized = () => true;
    loadFile(page: string) {
      system.did.push(`load ${page}`);
      return Promise.resolve();
    }
  }
  const workArea = { x: 0, y: 0, width: 1920, height: 1080 };
  return { BrowserWindow, screen: { getAllDisplays: () => [{ workArea }] }, session: {} };
});
const { createWindow, lockDown, refuseNavigation } = await import('../../../electron/windows.ts');

beforeEach(() => {
  Object.assign(system, {
    kept: { width: 1000, height: 700, maximized: false },
    made: [],
    did: [],
    windows: [],
  });
});

describe('the window', () => {
  it('opens where it was, if that is on a screen', () => {
    const boundsOf = (x?: number, y?: number) => {
      system.kept = { x, y, width: 1000, height: 700, maximized: false } as Bounds;
      createWindow('/page.html', '/preload.cjs');
      const { x: left, y: top, width, height } = system.made.at(-1)!;
      return [left, top, width, height];
    };
    expect(boundsOf(100, 50)).toEqual([100, 50, 1000, 700]);
    expect(boundsOf(-15, 0)).toEqual([-15, 0, 1000, 700]);
    // Of a screen that was taken away, or of which too little is left, only the size stays.
    for (const [x, y] of [
      [2500, 50],
      [1850, 50],
      [100, 1000],
      [-500, 0],
      [undefined, undefined],
    ] as const)
      expect(boundsOf(x, y)).toEqual([undefined, undefined, 1000, 700]);
  });

  it('gives its page no rights, shows it once it is drawn, and remembers where it was', () => {
    system.kept.maximized = true;
    createWindow('/page.html', '/preload.cjs');
    expect(system.made[0]!['webPreferences']).toEqual({
      preload: '/preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
    });
    expect(system.did).toEqual(['disable_non_proxied_udp', 'maximize', 'load /page.html']);
    system.windows[0]!.emit('ready-to-show');
    expect(system.did.at(-1)).toBe('show');
    system.windows[0]!.emit('close');
    expect(system.kept).toEqual({ x: 5, y: 6, width: 1200, height: 900, maximized: true });
  });
});

describe('the page', () => {
  function locked() {
    let filter: (details: { url: string }, answer: (said: { cancel: boolean }) => void) => void = () =>
      undefined;
    let request: (contents: unknown, permission: string, answer: (yes: boolean) => void) => void = () =>
      undefined;
    let check: (contents: unknown, permission: string) => boolean = () => true;
    const spelling: boolean[] = [];
    lockDown('/opt/app/renderer/index.html', {
      webRequest: { onBeforeRequest: (listener: typeof filter) => (filter = listener) },
      setPermissionRequestHandler: (handler: typeof request) => (request = handler),
      setPermissionCheckHandler: (handler: typeof check) => (check = handler),
      setSpellCheckerEnabled: (yes: boolean) => spelling.push(yes),
    } as never);
    const passes = (url: string) => {
      let cancelled = true;
      filter({ url }, ({ cancel }) => (cancelled = cancel));
      return !cancelled;
    };
    const allowed = (permission: string) => {
      let yes = false;
      request(null, permission, (answer) => (yes = answer));
      return [yes, check(null, permission)];
    };
    return { passes, allowed, spelling };
  }

  it('reaches its own folder and nothing else', () => {
    const { passes, spelling } = locked();
    const own = pathToFileURL('/opt/app/renderer').href;
    expect(
      [
        `${own}/index.html`,
        `${own}/assets/a.js`,
        'data:image/png;base64,AA',
        'blob:null/1',
        'devtools://devtools/x',
      ].map(passes),
    ).toEqual([true, true, true, true, true]);
    const others = [
      'https://example.org/',
      'http://localhost:1/',
      'ws://a/',
      `${own}-other/a.js`,
      pathToFileURL('/etc/passwd').href,
      pathToFileURL('/opt/app/secrets').href,
    ];
    expect(others.map(passes)).toEqual(others.map(() => false));
    expect(spelling).toEqual([false]);
  });

  it('may copy text, and ask for nothing more', () => {
    const { allowed } = locked();
    expect(allowed('clipboard-sanitized-write')).toEqual([true, true]);
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'fileSystem',
    ])
      expect(allowed(permission), permission).toEqual([false, false]);
  });

  it('goes nowhere and opens nothing', () => {
    let answer: (() => unknown) | null = null;
    const contents = Object.assign(new EventEmitter(), {
      setWindowOpenHandler: (handler: () => unknown) => (answer = handler),
    });
    refuseNavigation(contents as never);
    for (const name of ['will-navigate', 'will-redirect', 'will-attach-webview']) {
      const event = { preventDefault: vi.fn() };
      contents.emit(name, event);
      expect(event.preventDefault, name).toHaveBeenCalledOnce();
    }
    expect((answer as never as () => unknown)()).toEqual({ action: 'deny' });
  });
});
