/** The application menu. What concerns projects is carried out by the window. */
import { Menu, type BrowserWindow } from 'electron';
import { MENU_CHANNEL } from './channels.ts';
import { menuTemplate } from './menu-template.ts';

export interface MenuOptions {
  window(): BrowserWindow | null;
  /** Asks first where work goes on. */
  quit(): void;
  development: boolean;
}

export function createMenu({ window, quit, development }: MenuOptions): Menu {
  const command = (name: string) => window()?.webContents.send(MENU_CHANNEL, name);
  return Menu.buildFromTemplate(menuTemplate(process.platform, development, { command, quit }));
}
