/**
 * The place of one watcher's parts: a hidden folder beside its file, with all that comes about on the way to an answer.
 * Its name says whose it is, so that two watchers of one file never write into each other's, and what a killed one left
 * is known.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../machine/make-folder.ts';
import { isAlive, thisProcess, type ProcessMark } from '../../machine/processes.ts';

export interface WatchedParts {
  /** Absolute. */
  folder: string;
  /** With all that is in it. */
  remove(): void;
}

/**
 * Makes it, and removes those of watchers of this machine that are gone.
 *
 * @throws PretextError as `makeFolder`
 */
export function makeWatchedParts(file: string): WatchedParts {
  const beside = dirname(file);
  makeFolder(beside);
  for (const name of readdirSync(beside)) if (isLeftOver(name)) removeFolder(join(beside, name));
  const folder = join(beside, `${nameOf(thisProcess())}-${randomUUID().slice(0, 8)}`);
  mkdirSync(folder);
  return { folder, remove: () => removeFolder(folder) };
}

const removeFolder = (folder: string) => rmSync(folder, { recursive: true, force: true });

/** The host by a hash: its name may have dashes, and a folder's may not have all that a host's has. */
const nameOf = ({ host, pid, birth }: ProcessMark) =>
  `.pretext-parts-${createHash('sha256').update(host).digest('hex').slice(0, 8)}-${pid}-${birth ?? 'unknown'}`;

const NAME = /^(\.pretext-parts-[0-9a-f]{8}-([0-9]+)-(.+))-[0-9a-f]{8}$/;

/** Of another machine nobody here knows. */
function isLeftOver(name: string): boolean {
  const [, own, number, birth] = NAME.exec(name) ?? [];
  if (own === undefined) return false;
  const mark = { pid: Number(number), birth: birth === 'unknown' ? null : birth! };
  return own === nameOf({ host: thisProcess().host, ...mark }) && !isAlive(mark);
}
