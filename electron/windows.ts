/** The window: where it was last time, and closed to everything but the program's own page. */
import { BrowserWindow, screen, session, type Session } from 'electron';
import { pathToFileURL } from 'node:url';
import { dirname } from 'node:path';
import { changeSettings, readSettings } from './settings.ts';

export function createWindow(page: string, preload: string): BrowserWindow {
  const { maximized, ...bounds } = readSettings().window;
  const window = new BrowserWindow({
    ...(isOnScreen(bounds) ? bounds : { width: bounds.width, height: bounds.height }),
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: 'Pretext Studio',
    backgroundColor: '#f7f7f8',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
    },
  });
  // No connection is made for pictures and sound either: nothing of the program uses them.
  window.webContents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  if (maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => rememberBounds(window));
  void window.loadFile(page);
  return window;
}

function rememberBounds(window: BrowserWindow): void {
  const { x, y, width, height } = window.getNormalBounds();
  changeSettings(() => ({ window: { x, y, width, height, maximized: window.isMaximized() } }));
}

/** A screen may have been taken away since. */
function isOnScreen(bounds: {
  x?: number | undefined;
  y?: number | undefined;
  width: number;
  height: number;
}): boolean {
  const { x, y } = bounds;
  if (x === undefined || y === undefined) return false;
  return screen.getAllDisplays().some(({ workArea }) => {
    const inside = x >= workArea.x - 20 && y >= workArea.y - 20;
    return inside && x < workArea.x + workArea.width - 100 && y < workArea.y + workArea.height - 100;
  });
}

/**
 * No network: requests leave the page's folder for nowhere, navigation and new windows are refused, and so is
 * every permission.
 */
export function lockDown(page: string, target: Session = session.defaultSession): void {
  const own = pathToFileURL(dirname(page)).href;
  target.webRequest.onBeforeRequest((details, answer) => {
    const local = details.url.startsWith(`${own}/`) || /^(devtools|data|blob):/.test(details.url);
    answer({ cancel: !local });
  });
  target.setPermissionRequestHandler((_contents, permission, answer) => answer(isHarmless(permission)));
  target.setPermissionCheckHandler((_contents, permission) => isHarmless(permission));
  target.setSpellCheckerEnabled(false);
}

/** Copying text is all that the page may ask for. */
function isHarmless(permission: string): boolean {
  return permission === 'clipboard-sanitized-write';
}

export function refuseNavigation(contents: Electron.WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
