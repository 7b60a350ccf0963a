/**
 * Electron's main process: one window, menus, dialogs, and the life and death of the other processes. It knows
 * nothing of data, runs or studies.
 */
import { app, Menu, nativeTheme, type BrowserWindow } from 'electron';
import { chooseHostKind, createMainHost, type MainHostOptions } from './host.ts';
import { keepGivenPaths, pathsAmong } from './given-paths.ts';
import { reviveWindow, watchCrashes } from './crashes.ts';
import { helpActions } from './help.ts';
import { keepManners } from './manners.ts';
import { createMenu } from './menu.ts';
import { OPEN_CHANNEL } from './channels.ts';
import { findPlaces } from './places.ts';
import { createProjects, type Projects } from './projects.ts';
import { showRecentInSystem } from './recent-menu.ts';
import { listRecent, readSettings } from './settings.ts';
import { answerWindow } from './shell.ts';
import { lastingCommand, thisInstallation } from './shell-command.ts';
import { createWindow, lockDown, refuseNavigation } from './windows.ts';
import { askBeforeClosing, watchWork } from './work.ts';

const places = findPlaces();
const hostOptions: MainHostOptions = { kind: chooseHostKind(), file: places.entry, node: places.node };
const environment = {
  PRETEXT_SAMPLES: places.samples,
  ...(places.runtime ? { PRETEXT_RUNTIME: places.runtime } : {}),
  PRETEXT_ELECTRON_VERSION: process.versions['electron'] ?? '',
  ...(app.isPackaged ? { PRETEXT_COMMAND: lastingCommand(thisInstallation(places.resources)) } : {}),
};

/** A checkout is started as `electron FOLDER`, the packaged program by itself. */
const programs = app.isPackaged ? 1 : 2;
const given = keepGivenPaths(() => {
  // A page that crashed asks for itself once it is loaded again.
  if (window && !window.webContents.isCrashed()) window.webContents.send(OPEN_CHANNEL);
});
const work = watchWork();
let window: BrowserWindow | null = null;
/** The program is about to end: nobody is asked any more. */
let ending = false;

/** @param again what is to be opened in it when its page had to be loaded again */
function openWindow(again: () => void): void {
  window = createWindow(places.page, places.preload);
  askBeforeClosing(window, work, () => ending);
  reviveWindow(window, () => ending, again);
  window.once('closed', () => (window = null));
}

function startProgram(): void {
  watchCrashes(() => ending);
  lockDown(places.page);
  nativeTheme.themeSource = readSettings().theme;
  const host = createMainHost(hostOptions);
  const projects = createProjects(host, environment);
  const manners = keepManners(() => window, readSettings().manners);
  work.onReport(manners.work);
  const changed = () => {
    manners.wishes(readSettings().manners);
    showMenus();
  };
  showMenus();
  const { samples } = places;
  answerWindow({ window: () => window, projects, work, given, changed, hostKind: hostOptions.kind, samples });
  closeProjectsBeforeQuit(projects);
  openWindow(() => {
    const open = projects.opened();
    if (open !== null) given.add([open]);
  });
}

function showMenus(): void {
  const open = (directory: string) => given.add([directory]);
  const recent = listRecent().filter(({ exists }) => exists);
  const help = helpActions(places, () => window);
  const development = !app.isPackaged;
  Menu.setApplicationMenu(
    createMenu({ window: () => window, quit: askToQuit, open, help, recent, development }),
  );
  showRecentInSystem(recent, open);
}

function askToQuit(): void {
  const asked = window ? work.mayClose(window).catch(() => true) : Promise.resolve(true);
  void asked.then((yes) => yes && app.quit());
}

/** The service gets its time to write things down before the program is gone. */
function closeProjectsBeforeQuit(projects: Projects): void {
  let closed = false;
  app.on('before-quit', (event) => {
    ending = true;
    if (closed) return;
    event.preventDefault();
    void projects.close().finally(() => {
      closed = true;
      app.quit();
    });
  });
}

function startOnce(): void {
  // Two programs would write into one settings file, and open one project twice.
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  given.add(pathsAmong(process.argv, programs, process.cwd()));
  app.on('second-instance', (_event, argv, workingDirectory) => {
    given.add(pathsAmong(argv, programs, workingDirectory));
    if (window?.isMinimized()) window.restore();
    window?.show();
    window?.focus();
  });
  // macOS hands over what was opened with the program by an event of its own.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    given.add([path]);
  });
  app.on('web-contents-created', (_event, contents) => refuseNavigation(contents));
  app.on('window-all-closed', () => app.quit());
  void app.whenReady().then(startProgram);
}

const userData = process.env['PRETEXT_USER_DATA'];
if (userData) app.setPath('userData', userData);

startOnce();
