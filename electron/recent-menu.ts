/** Recent projects where the system keeps such lists: the Dock's menu on macOS, the jump list on Windows. */
import { app, Menu } from 'electron';
import type { RecentProject } from '../src/contract/messages/shell.ts';

/** @param open opens a project in the window that is there */
export function showRecentInSystem(
  recent: readonly RecentProject[],
  open: (directory: string) => void,
): void {
  if (process.platform === 'darwin') {
    const items = recent.map(({ name, directory }) => ({ label: name, click: () => open(directory) }));
    app.dock?.setMenu(Menu.buildFromTemplate(items));
  }
  if (process.platform === 'win32' && app.isPackaged) {
    // The list starts the program anew, which hands the path to the one that runs.
    const items = recent.map(({ name, directory }) => ({
      type: 'task' as const,
      title: name,
      description: directory,
      program: process.execPath,
      args: `"${directory}"`,
      iconPath: process.execPath,
      iconIndex: 0,
    }));
    app.setJumpList([{ type: 'custom', name: 'Recent projects', items }]);
  }
}
