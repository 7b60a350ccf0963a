/** The application menu. What concerns projects is carried out by the window. */
import { Menu, type BrowserWindow } from 'electron';
import type { RecentProject } from '../src/contract/messages/shell.ts';
import { MENU_CHANNEL } from './channels.ts';
import type { HelpActions } from './help.ts';
import { menuTemplate } from './menu-template.ts';

export interface MenuOptions {
  window(): BrowserWindow | null;
  /** Asks first where work goes on. */
  quit(): void;
  open(directory: string): void;
  help: HelpActions;
  recent: readonly RecentProject[];
  development: boolean;
}

export function createMenu({ window, quit, open, help, recent, development }: MenuOptions): Menu {
  const command = (name: string) => window()?.webContents.send(MENU_CHANNEL, name);
  const actions = { command, quit, open, ...help };
  return Menu.buildFromTemplate(menuTemplate(process.platform, development, actions, recent));
}
