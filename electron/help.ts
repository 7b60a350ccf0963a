/** What the Help menu does: about, notices, and the `pretext` command. */
import { app, clipboard, dialog, shell, type BrowserWindow } from 'electron';
import { release } from 'node:os';
import { dirname } from 'node:path';
import { crashFolder, listCrashReports } from '../src/host/crash-folder.ts';
import { showCrashReports } from './crashes.ts';
import type { Places } from './places.ts';
import { commandPlace, thisInstallation, writeCommand, type CommandPlace } from './shell-command.ts';

export interface HelpActions {
  about(): void;
  notices(): void;
  crashReports(): void;
  /** Undefined where an installer has put the command on the PATH. */
  installCommand: (() => void) | undefined;
}

export function helpActions(places: Places, window: () => BrowserWindow | null): HelpActions {
  const command = app.isPackaged ? commandPlace(thisInstallation(places.resources)) : null;
  return {
    about: () => void showAbout(places, window()),
    notices: () => void shell.openPath(places.notices),
    crashReports: () => void showCrashReports(window()),
    installCommand: command ? () => void install(command, window()) : undefined,
  };
}

function versions(): string {
  const { electron, chrome, node } = process.versions;
  const system = `${process.platform} ${release()} ${process.arch}`;
  return `Version ${app.getVersion()}\nElectron ${electron}, Chromium ${chrome}, Node.js ${node}\n${system}`;
}

async function showAbout(places: Places, window: BrowserWindow | null): Promise<void> {
  const { response } = await show(window, {
    type: 'info',
    title: 'About Pretext Studio',
    message: 'Pretext Studio',
    detail: `${versions()}\n\n© the Pretext Studio contributors, MIT licence. It contains the work of many others, on terms of their own.\n\nCrash reports: ${listCrashReports().length || 'none'}, in ${crashFolder()}`,
    buttons: ['Close', 'Licences and notices', 'Copy the versions'],
    defaultId: 0,
    cancelId: 0,
  });
  if (response === 1) await shell.openPath(places.notices);
  if (response === 2) clipboard.writeText(versions());
}

async function install(command: CommandPlace, window: BrowserWindow | null): Promise<void> {
  try {
    writeCommand(command);
    const folder = dirname(command.file);
    const known = (process.env['PATH'] ?? '')
      .split(process.platform === 'win32' ? ';' : ':')
      .includes(folder);
    const detail = known
      ? 'Open a terminal and type: pretext doctor'
      : `${folder} is not among the folders where your terminal looks for commands: log in anew, or add it to PATH.`;
    await show(window, { type: 'info', message: `The command is ${command.file}`, detail });
  } catch (error) {
    await show(window, {
      type: 'error',
      message: 'The pretext command could not be installed.',
      detail: (error as Error).message,
    });
  }
}

function show(window: BrowserWindow | null, options: Electron.MessageBoxOptions) {
  return window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options);
}
