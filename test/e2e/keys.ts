/** Real keys, through the display server: those of the driver reach the page and pass the menu's accelerators by. */
import { execFileSync } from 'node:child_process';
import type { Program } from './program.ts';

const xdotool = (...words: string[]) => execFileSync('xdotool', words, { encoding: 'utf8' }).trim();

/** Gives the program's window the keyboard and presses keys there, as `ctrl+w`. */
export async function pressKeys({ application }: Program, ...keys: string[]): Promise<void> {
  const pid = String(application.process().pid);
  const window = xdotool('search', '--sync', '--onlyvisible', '--pid', pid, '--name', 'Pretext Studio');
  xdotool('windowfocus', '--sync', window.split('\n').at(-1)!);
  for (const key of keys) xdotool('key', '--clearmodifiers', key);
}
