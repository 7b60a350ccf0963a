/** Copies between datasets: held-out samples of one that stand among the training samples of another. */
import type { CopiesBetween, CopyPair } from '../../../contract/entities.ts';
import { LEFT_OUT_CODE, SPLIT_CODE } from '../../../contract/data/split.ts';
import type { StoredCopy } from './copies.ts';
import { inTransaction, type ReadableProject, type WritableProject } from '../../database.ts';
import { findDataset, getDataset, type StoredDataset } from './datasets.ts';
import { timestamp } from '../../identity.ts';
import { labeledSamples } from './labeled-samples.ts';
import { readSample } from './samples.ts';

type Keyed = Pick<StoredDataset, 'key' | 'dataset'>;

/** Writes what was found in place of what was found before; `pairs` null where the two cannot be compared. */
export function saveCopiesBetween(
  project: WritableProject,
  heldOut: Keyed,
  seen: Keyed,
  pairs: readonly StoredCopy[] | null,
  seconds: number,
): void {
  inTransaction(project, () => {
    const keys = [heldOut.key, seen.key];
    project.connection
      .prepare('DELETE FROM copy_searches WHERE held_out_key = ? AND seen_key = ?')
      .run(...keys);
    project.connection
      .prepare(
        'INSERT INTO copy_searches (held_out_key, seen_key, checked_at, seconds, comparable) VALUES (?, ?, ?, ?, ?)',
      )
      .run(...keys, timestamp(), seconds, pairs ? 1 : 0);
    const insert = project.connection.prepare(
      'INSERT INTO copies_between (held_out_key, seen_key, held_out, seen, exact, likeness) VALUES (?, ?, ?, ?, ?, ?)',
    );
    for (const { heldOut: own, training, exact, likeness } of pairs ?? [])
      insert.run(...keys, own, training, exact ? 1 : 0, likeness);
  });
}

/** What a search found, in short; null before anybody looked, or when either dataset is gone. */
export function findCopiesBetween(
  project: ReadableProject,
  heldOutName: string,
  seenName: string,
): CopiesBetween | null {
  const [heldOut, seen] = [findDataset(project, heldOutName), findDataset(project, seenName)];
  if (!heldOut || !seen) return null;
  const search = project
    .prepare(
      'SELECT checked_at, seconds, comparable FROM copy_searches WHERE held_out_key = ? AND seen_key = ?',
    )
    .get(heldOut.key, seen.key) as { checked_at: string; seconds: number; comparable: number } | undefined;
  if (!search) return null;
  // Copies that are no training samples of the other dataset any more are not seen.
  const counts = project
    .prepare(
      `SELECT count(DISTINCT pair.held_out) AS heldOut,
              count(DISTINCT CASE WHEN own.split = ${SPLIT_CODE.test} THEN pair.held_out END) AS test,
              count(DISTINCT pair.seen) AS seen,
              count(DISTINCT CASE WHEN pair.exact = 1 THEN pair.held_out END) AS exact
       FROM copies_between AS pair
       JOIN ${labeledSamples()} AS own ON own.dataset_key = pair.held_out_key AND own.position = pair.held_out
       JOIN ${labeledSamples()} AS other ON other.dataset_key = pair.seen_key AND other.position = pair.seen
       WHERE pair.held_out_key = ? AND pair.seen_key = ? AND other.split = ${SPLIT_CODE.train}`,
    )
    .get(heldOut.key, seen.key) as Pick<CopiesBetween, 'heldOut' | 'test' | 'seen' | 'exact'>;
  const { checked_at: checkedAt, seconds, comparable } = search;
  return { dataset: seen.dataset.name, checkedAt, seconds, comparable: comparable === 1, ...counts };
}

/** Positions in `seen` of all that are copies of held-out samples. */
export function readSeenCopies(project: ReadableProject, heldOutKey: number, seenKey: number): number[] {
  return project
    .prepare('SELECT DISTINCT seen FROM copies_between WHERE held_out_key = ? AND seen_key = ?')
    .pluck()
    .all(heldOutKey, seenKey) as number[];
}

/** Takes copies of held-out samples out of training, in the split codes of a selection. Returns how many. */
export function leaveOutSeen(splits: Uint8Array, positions: readonly number[]): number {
  let count = 0;
  for (const position of positions)
    if (splits[position] === SPLIT_CODE.train) {
      splits[position] = LEFT_OUT_CODE;
      count++;
    }
  return count;
}

/** Pairs, most alike first: the held-out sample, and the training sample of the other dataset. */
export function readPairsBetween(
  project: ReadableProject,
  heldOutId: string,
  seenId: string,
  { offset, limit }: { offset: number; limit: number },
): { total: number; pairs: CopyPair[] } {
  const [heldOut, seen] = [getDataset(project, heldOutId), getDataset(project, seenId)];
  const namesOf = ({ dataset }: StoredDataset) => dataset.classes.map(({ name }) => name);
  const where = 'held_out_key = ? AND seen_key = ?';
  const total = project
    .prepare(`SELECT count(*) FROM copies_between WHERE ${where}`)
    .pluck()
    .get(heldOut.key, seen.key) as number;
  const rows = project
    .prepare(
      `SELECT held_out AS own, seen AS other, exact, likeness FROM copies_between WHERE ${where}
       ORDER BY likeness DESC, held_out, seen LIMIT ? OFFSET ?`,
    )
    .all(heldOut.key, seen.key, limit, offset) as {
    own: number;
    other: number;
    exact: number;
    likeness: number;
  }[];
  const pairs = rows.map(({ own, other, exact, likeness }) => ({
    heldOut: readSample(project, heldOut.key, own, namesOf(heldOut)),
    training: readSample(project, seen.key, other, namesOf(seen)),
    exact: exact === 1,
    likeness,
  }));
  return { total, pairs };
}
