/** The application menu. What concerns projects is carried out by the window. */
import { Menu, type BrowserWindow, type MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../src/contract/shell.ts';
import { MENU_CHANNEL } from './channels.ts';

export function createMenu(currentWindow: () => BrowserWindow | null, development: boolean): Menu {
  const command = (label: string, accelerator: string, name: MenuCommand): MenuItemConstructorOptions => ({
    label,
    accelerator,
    click: () => currentWindow()?.webContents.send(MENU_CHANNEL, name),
  });
  const mac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: 'File',
      submenu: [
        command('New project…', 'CmdOrCtrl+Shift+N', 'new-project'),
        command('Open project…', 'CmdOrCtrl+O', 'open-project'),
        command('Close project', 'CmdOrCtrl+W', 'close-project'),
        { type: 'separator' },
        { role: mac ? 'close' : 'quit' },
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
        ...(development ? ([{ role: 'reload' }, { role: 'toggleDevTools' }] as const) : []),
      ],
    },
    { role: 'windowMenu' },
  ];
  return Menu.buildFromTemplate(template);
}
