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
}

export function menuTemplate(
  platform: NodeJS.Platform,
  development: boolean,
  actions: MenuActions,
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
    ...(mac ? [applicationMenu(quit)] : []),
    {
      label: 'File',
      submenu: [
        command('New project…', 'CmdOrCtrl+Shift+N', 'new-project'),
        command('Open project…', 'CmdOrCtrl+O', 'open-project'),
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
  ];
}

function applicationMenu(quit: MenuItemConstructorOptions): MenuItemConstructorOptions {
  return {
    label: 'Pretext Studio',
    submenu: [
      { role: 'about' },
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
