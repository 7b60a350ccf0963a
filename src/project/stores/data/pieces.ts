/**
 * Large changes of a dataset, in pieces: each is a short transaction, and between them others have their turn.
 *
 * What is written counts only once one row says so, at the end. One at a time changes a dataset, whichever process it
 * is in; of one that was killed in the middle, or failed, what it wrote is cleared before anything else is changed.
 */
import { PretextError } from '../../../contract/errors.ts';
import { thisProcess, watchLives, type LifeSign } from '../../../machine/processes.ts';
import { inTransaction, type WritableProject } from '../../database.ts';
import { newId } from '../../identity.ts';
import { ERASING, getDataset, missingDataset, type StoredDataset } from './datasets.ts';
import { ROWS_AT_ONCE, type Piece } from './stretches.ts';
import { clearUnpublished } from './unpublished.ts';

const ASK_AGAIN_MS = 50;
const PIECE_MS = 50;

/** Claims of this process whose change goes on: after a project was closed and opened again, its own are none. */
const going = new Set<string>();
/** Ends of the changes of this process, by dataset: the next waits for the latest. */
const ends = new WeakMap<WritableProject['connection'], Map<string, Promise<unknown>>>();

/** Makes one change of a dataset, once those that were asked for before have ended. Throws `dataset.missing`. */
export function changeInPieces<T>(
  project: WritableProject,
  datasetId: string,
  change: (piece: Piece) => Promise<T>,
): Promise<T> {
  const ofProject = ends.get(project.connection) ?? new Map<string, Promise<unknown>>();
  ends.set(project.connection, ofProject);
  const before = ofProject.get(datasetId) ?? Promise.resolve();
  const outcome = before.then(() => changeAlone(project, datasetId, change));
  // Whether it succeeds is the affair of whoever asked for it.
  const end = outcome.then(
    () => undefined,
    () => undefined,
  );
  ofProject.set(datasetId, end);
  void end.then(() => {
    if (ofProject.get(datasetId) === end) ofProject.delete(datasetId);
  });
  return outcome;
}

async function changeAlone<T>(
  project: WritableProject,
  datasetId: string,
  change: (piece: Piece) => Promise<T>,
): Promise<T> {
  const token = newId();
  going.add(token);
  try {
    const { key, isTakenOver } = await takeOver(project, datasetId, token);
    const piece = pieceBy(project, datasetId, key, token);
    if (isTakenOver) await clearUnpublished(project, key, piece);
    const outcome = await change(piece).catch(async (error: unknown) => {
      if (project.connection.open && isHolder(project, key, token)) {
        await clearUnpublished(project, key, piece);
        release(project, key, token);
      }
      throw error;
    });
    release(project, key, token);
    return outcome;
  } finally {
    going.delete(token);
  }
}

/** Waits until nobody else changes the dataset. `isTakenOver`: somebody was cut short in the middle. */
async function takeOver(
  project: WritableProject,
  datasetId: string,
  token: string,
): Promise<{ key: number; isTakenOver: boolean }> {
  const watch = watchLives();
  for (;;) {
    requireOpen(project);
    const taken = inTransaction(project, () => {
      const { key } = present(project, datasetId);
      const other = project.connection
        .prepare(
          'SELECT token, pid, host, birth, heartbeat_ms AS heartbeatMs FROM dataset_changes WHERE dataset_key = ?',
        )
        .get(key) as LifeSign | undefined;
      if (other && !isGone(other, watch.judge(other) === 'gone')) return null;
      const { pid, host, birth } = thisProcess();
      project.connection
        .prepare('INSERT OR REPLACE INTO dataset_changes VALUES (?, ?, ?, ?, ?, ?)')
        .run(key, token, pid, host, birth, Date.now());
      return { key, isTakenOver: other !== undefined };
    });
    if (taken) return taken;
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}

function isGone(other: LifeSign, isJudgedGone: boolean): boolean {
  const own = thisProcess();
  const isOwn = other.pid === own.pid && other.host === own.host && other.birth === own.birth;
  return isOwn ? !going.has(other.token) : isJudgedGone;
}

function pieceBy(project: WritableProject, datasetId: string, key: number, token: string): Piece {
  // Also a sign of life to those on other machines.
  const renew = project.connection.prepare(
    'UPDATE dataset_changes SET heartbeat_ms = max(?, heartbeat_ms + 1) WHERE dataset_key = ? AND token = ?',
  );
  return async (work) => {
    requireOpen(project);
    const done = inTransaction(project, () => {
      const { dataset } = present(project, datasetId);
      if (renew.run(Date.now(), key, token).changes === 0) throw takenAway(dataset.name);
      return work();
    });
    await new Promise<void>((resolve) => setImmediate(resolve));
    return done;
  };
}

/** Does the same with each of many, as many in a piece as there is time for: a machine that is busy takes fewer. */
export async function eachInPieces<T>(piece: Piece, all: Iterable<T>, each: (one: T) => void): Promise<void> {
  const rest = all[Symbol.iterator]();
  const takeSome = (): boolean => {
    const end = performance.now() + PIECE_MS;
    for (let taken = 0; taken < ROWS_AT_ONCE && performance.now() < end; taken += 1) {
      const next = rest.next();
      if (next.done) return true;
      each(next.value);
    }
    return false;
  };
  while (!(await piece(takeSome)));
}

function present(project: WritableProject, datasetId: string): StoredDataset {
  const stored = getDataset(project, datasetId);
  if (stored.removedAt === ERASING) throw missingDataset(stored.dataset.name);
  return stored;
}

const isHolder = ({ connection }: WritableProject, key: number, token: string) =>
  connection.prepare('SELECT 1 FROM dataset_changes WHERE dataset_key = ? AND token = ?').get(key, token) !==
  undefined;

function release({ connection }: WritableProject, key: number, token: string): void {
  if (!connection.open) return;
  connection.prepare('DELETE FROM dataset_changes WHERE dataset_key = ? AND token = ?').run(key, token);
}

function requireOpen({ connection, folder }: WritableProject): void {
  if (connection.open) return;
  throw new PretextError({
    code: 'dataset.change-cut-short',
    message: 'The project was closed while a dataset was being changed. The dataset is as it was before.',
    place: folder,
    remedy: 'Open the project and make the change again.',
  });
}

function takenAway(name: string): PretextError {
  return new PretextError({
    code: 'dataset.change-cut-short',
    message: `Another program took over the changes of “${name}”, as this one gave no sign of life. The change was not made.`,
    place: name,
    remedy: 'Make the change again.',
  });
}
