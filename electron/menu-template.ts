/**
 * The application menu as a value, for each system.
 *
 * Ctrl+W closes the project, and nothing else may take that key: the system's own window menu would close the
 * window with it, and with the last window the program.
 */
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../src/contract/messages/shell.ts';

export interface MenuActions {
  /** Carried out by the window. */
  command(name: MenuCommand): void;
  /** Asks first where work goes on. */
  quit(): void;
  open(directory: string): void;
  about(): void;
  notices(): void;
  crashReports(): void;
  /** Undefined where an installer has put the command on the PATH. */
  installCommand: (() => void) | undefined;
}

/** As many as fit below one another on a small screen. */
const SHOWN_RECENT = 12;

export function menuTemplate(
  platform: NodeJS.Platform,
  development: boolean,
  actions: MenuActions,
  recent: readonly { directory: string; name: string }[] = [],
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const command = (label: string, accelerator: string, name: MenuCommand): MenuItemConstructorOptions => ({
    label,
    accelerator,
    click: () => actions.command(name),
  });
  const quit: MenuItemConstructorOptions = {
    label: mac ? 'Quit Pretext Studio' : 'Quit',
    accelerator: 'CmdOrCtrl+Q',
    click: actions.quit,
  };
  return [
    ...(mac ? [applicationMenu(quit, actions)] : []),
    {
      label: 'File',
      submenu: [
        command('New project…', 'CmdOrCtrl+Shift+N', 'new-project'),
        command('Open project…', 'CmdOrCtrl+O', 'open-project'),
        {
          label: 'Open recent',
          enabled: recent.length > 0,
          submenu: recent.slice(0, SHOWN_RECENT).map(({ directory, name }) => ({
            label: name,
            toolTip: directory,
            click: () => actions.open(directory),
          })),
        },
        command('Run a recipe…', 'CmdOrCtrl+R', 'run-recipe'),
        command('Close project', 'CmdOrCtrl+W', 'close-project'),
        ...(mac ? [] : ([{ type: 'separator' }, quit] as const)),
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        command('Commands…', 'CmdOrCtrl+K', 'command-palette'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(development
          ? ([{ role: 'reload', accelerator: 'CmdOrCtrl+Shift+R' }, { role: 'toggleDevTools' }] as const)
          : []),
      ],
    },
    {
      label: 'Window',
      submenu: [
        { role: 'minimize' },
        ...(mac ? ([{ role: 'zoom' }, { type: 'separator' }, { role: 'front' }] as const) : []),
        { role: 'close', accelerator: 'CmdOrCtrl+Shift+W' },
      ],
    },
    helpMenu(mac, actions),
  ];
}

function helpMenu(mac: boolean, actions: MenuActions): MenuItemConstructorOptions {
  const { installCommand } = actions;
  return {
    role: 'help',
    label: 'Help',
    submenu: [
      ...(installCommand ? [{ label: 'Install the pretext command', click: installCommand }] : []),
      { label: 'Licences and notices', click: () => actions.notices() },
      { label: 'Show crash reports', click: () => actions.crashReports() },
      ...(mac ? [] : [{ label: 'About Pretext Studio', click: () => actions.about() }]),
    ],
  };
}

function applicationMenu(quit: MenuItemConstructorOptions, actions: MenuActions): MenuItemConstructorOptions {
  return {
    label: 'Pretext Studio',
    submenu: [
      { label: 'About Pretext Studio', click: () => actions.about() },
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      quit,
    ],
  };
}
