/**
 * Folders in which a graph lies for the moment that TensorFlow needs to read it. Each carries the id of its process: what
 * a killed one left is cleared by whoever makes the next.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporaryFailure } from '../../contract/errors.ts';

const PREFIX = 'pretext-graph-';
const NAMED = /^pretext-graph-(\d+)-[A-Za-z0-9]{6}$/;

let cleared = false;

/**
 * A new folder of this process; the caller deletes it.
 *
 * Throws a PretextError `disk.temporary` where there can be none.
 */
export function makeGraphFolder(parent = tmpdir()): string {
  try {
    if (!cleared) clearDeadGraphFolders(parent);
    cleared = true;
    return mkdtempSync(join(parent, `${PREFIX}${process.pid}-`));
  } catch (error) {
    throw temporaryFailure(error, parent);
  }
}

/** Deletes the folders of processes that are gone. One that cannot be deleted only costs space. */
export function clearDeadGraphFolders(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = Number(NAMED.exec(name)?.[1]);
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // Another user's, or another process was faster.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
