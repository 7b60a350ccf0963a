/** Copies between datasets: held-out samples of one that stand among the training samples of another. */
import type { CopiesBetween, CopyPair } from '../../../contract/entities.ts';
import { LEFT_OUT_CODE, SPLIT_CODE } from '../../../contract/data/splits/split.ts';
import type { StoredCopy } from './copies.ts';
import type { ReadableProject, WritableProject } from '../../database.ts';
import { findDataset, getDataset, type StoredDataset } from './datasets.ts';
import { timestamp } from '../../identity.ts';
import { labeledSamples, readingOf } from './labeled-samples.ts';
import { changeInPieces, eachInPieces } from './pieces.ts';
import { readSample } from './samples.ts';
import type { Piece } from './stretches.ts';
import { clearSearchesBetween } from './unpublished.ts';

type Keyed = Pick<StoredDataset, 'key' | 'dataset'>;

/** The pairs that count, of those stored: from the latest search that has ended. */
const OF_SEARCH = `held_out_key = @own AND seen_key = @other
  AND search = (SELECT search FROM copy_searches WHERE held_out_key = @own AND seen_key = @other)`;

/** Writes what was found in place of what was found before; `pairs` null where the two cannot be compared. */
export function saveCopiesBetween(
  project: WritableProject,
  heldOut: Keyed,
  seen: Keyed,
  pairs: readonly StoredCopy[] | null,
  seconds: number,
): Promise<void> {
  const keys = [heldOut.key, seen.key] as const;
  return changeInPieces(project, heldOut.dataset.id, async (piece) => {
    // Pairs belong to a search, so its row is there first; it is none that counts yet.
    const begin = project.connection.prepare(
      `INSERT OR IGNORE INTO copy_searches (held_out_key, seen_key, checked_at, seconds, comparable, search)
       VALUES (?, ?, '', 0, 0, -1)`,
    );
    const insert = project.connection.prepare(
      'INSERT INTO copies_between (held_out_key, seen_key, search, held_out, seen, exact, likeness) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    const before = await piece(() => {
      getDataset(project, seen.dataset.id);
      begin.run(...keys);
      return project
        .prepare('SELECT search FROM copy_searches WHERE held_out_key = ? AND seen_key = ?')
        .pluck()
        .get(...keys) as number;
    });
    const ofTwo: Piece = (work) =>
      piece(() => {
        getDataset(project, seen.dataset.id);
        return work();
      });
    await eachInPieces(ofTwo, pairs ?? [], ({ heldOut: own, training, exact, likeness }) =>
      insert.run(...keys, before + 1, own, training, exact ? 1 : 0, likeness),
    );
    const end = project.connection.prepare(
      `UPDATE copy_searches SET checked_at = ?, seconds = ?, comparable = ?, search = ?
       WHERE held_out_key = ? AND seen_key = ?`,
    );
    await piece(() => end.run(timestamp(), seconds, pairs ? 1 : 0, before + 1, ...keys));
    await clearSearchesBetween(project, heldOut.key, piece);
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
      `SELECT checked_at, seconds, comparable, search FROM copy_searches
       WHERE held_out_key = ? AND seen_key = ? AND search >= 0`,
    )
    .get(heldOut.key, seen.key) as
    { checked_at: string; seconds: number; comparable: number; search: number } | undefined;
  if (!search) return null;
  // Copies that are no training samples of the other dataset any more are not seen.
  const counts = project
    .prepare(
      `SELECT count(DISTINCT pair.held_out) AS heldOut,
              count(DISTINCT CASE WHEN own.split = ${SPLIT_CODE.test} THEN pair.held_out END) AS test,
              count(DISTINCT pair.seen) AS seen,
              count(DISTINCT CASE WHEN pair.exact = 1 THEN pair.held_out END) AS exact
       FROM copies_between AS pair
       JOIN ${labeledSamples(readingOf(project, heldOut.key))} AS own ON own.dataset_key = pair.held_out_key AND own.position = pair.held_out
       JOIN ${labeledSamples(readingOf(project, seen.key))} AS other ON other.dataset_key = pair.seen_key AND other.position = pair.seen
       WHERE pair.held_out_key = ? AND pair.seen_key = ? AND pair.search = ? AND other.split = ${SPLIT_CODE.train}`,
    )
    .get(heldOut.key, seen.key, search.search) as Pick<CopiesBetween, 'heldOut' | 'test' | 'seen' | 'exact'>;
  const { checked_at: checkedAt, seconds, comparable } = search;
  return { dataset: seen.dataset.name, checkedAt, seconds, comparable: comparable === 1, ...counts };
}

/** Positions in `seen` of all that are copies of held-out samples. */
export function readSeenCopies(project: ReadableProject, heldOutKey: number, seenKey: number): number[] {
  return project
    .prepare(`SELECT DISTINCT seen FROM copies_between WHERE ${OF_SEARCH}`)
    .pluck()
    .all({ own: heldOutKey, other: seenKey }) as number[];
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
  const keys = { own: heldOut.key, other: seen.key };
  const total = project
    .prepare(`SELECT count(*) FROM copies_between WHERE ${OF_SEARCH}`)
    .pluck()
    .get(keys) as number;
  const rows = project
    .prepare(
      `SELECT held_out AS own, seen AS other, exact, likeness FROM copies_between WHERE ${OF_SEARCH}
       ORDER BY likeness DESC, held_out, seen LIMIT @limit OFFSET @offset`,
    )
    .all({ ...keys, limit, offset }) as {
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
