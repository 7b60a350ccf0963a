/**
 * The last step of writing a file safely: what was written and flushed under a temporary name gets its own.
 *
 * Afterwards the file is either the old one or the whole new one, whatever happened meanwhile, a power cut included.
 */
import {
  closeSync,
  copyFileSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
} from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Virus scanners and backups of Windows hold new files open for a moment. */
const HELD = ['EPERM', 'EACCES', 'EBUSY'];
const WAITS_MS = [10, 20, 50, 100, 200, 400, 800, 1600];

export interface RenamingSystem {
  platform: NodeJS.Platform;
  rename(from: string, to: string): Promise<void> | void;
  wait(milliseconds: number): Promise<void>;
}

const thisSystem: RenamingSystem = {
  platform: process.platform,
  rename,
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

export async function giveName(temporary: string, file: string, system = thisSystem): Promise<void> {
  await renamePatiently(temporary, file, system);
  await flushFolder(dirname(file), system.platform);
}

/** As `giveName`, where nothing else can be done meanwhile; without patience, as that would hold up the process. */
export function giveNameAtOnce(temporary: string, file: string): void {
  renameSync(temporary, file);
  flushFolderAtOnce(dirname(file));
}

async function renamePatiently(from: string, to: string, system: RenamingSystem): Promise<void> {
  const waits = system.platform === 'win32' ? WAITS_MS : [];
  for (const wait of waits)
    try {
      await system.rename(from, to);
      return;
    } catch (error) {
      if (!HELD.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      await system.wait(wait);
    }
  await system.rename(from, to);
}

/** Makes a rename last through a power cut. Windows cannot open folders and needs no such flush. */
async function flushFolder(folder: string, platform: NodeJS.Platform): Promise<void> {
  if (platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the names in a folder last through a power cut. */
export function flushFolderAtOnce(folder: string): void {
  if (process.platform === 'win32') return;
  flushAtOnce(folder);
}

/** Makes what was written to a file last through a power cut. */
export function flushAtOnce(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** A second name for a file that is never written to again: a link that costs no space, or a copy. */
export function linkOrCopy(from: string, to: string): void {
  rmSync(to, { force: true });
  try {
    linkSync(from, to);
  } catch {
    // Some file systems know no links; a copy costs space and is as good.
    copyFileSync(from, to);
    flushAtOnce(to);
  }
}

/** Deletes the plain files of a folder that are ours by their names, and the folder once nothing else is in it. */
export function removeFolderOf(folder: string, isOurs: (name: string) => boolean): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (isOurs(name) && lstatSync(path).isFile()) unlinkSync(path);
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
