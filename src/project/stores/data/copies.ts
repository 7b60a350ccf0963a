/** Copies across splits: what a search found, and training samples left out for it. */
import { eq } from 'drizzle-orm';
import type { CopyPair, Dataset } from '../../../contract/entities.ts';
import { PretextError } from '../../../contract/errors.ts';
import { LEFT_OUT_CODE, SPLIT_CODE } from '../../../contract/data/split.ts';
import { inTransaction, type ReadableProject, type WritableProject } from '../../database.ts';
import { getDataset } from './datasets.ts';
import { timestamp } from '../../identity.ts';
import { labeledSamples } from './labeled-samples.ts';
import { shiftCounts } from './sample-counts.ts';
import { countedTargets } from './target-counts.ts';
import { readSample } from './samples.ts';
import { datasetTable } from '../../schema.ts';

/** A pair by the positions of its samples. */
export interface StoredCopy {
  heldOut: number;
  training: number;
  exact: boolean;
  likeness: number;
}

/** Writes what was found in place of what was found before. Training samples must all be there again. */
export function saveCopies(
  project: WritableProject,
  datasetId: string,
  pairs: readonly StoredCopy[],
  seconds: number,
): Dataset {
  const { key } = getDataset(project, datasetId);
  const insert = project.connection.prepare(
    'INSERT INTO copies (dataset_key, held_out, training, exact, likeness) VALUES (?, ?, ?, ?, ?)',
  );
  return inTransaction(project, () => {
    project.connection.prepare('DELETE FROM copies WHERE dataset_key = ?').run(key);
    for (const { heldOut, training, exact, likeness } of pairs)
      insert.run(key, heldOut, training, exact ? 1 : 0, likeness);
    const countOf = (column: 'held_out' | 'training', where = '') =>
      project.connection
        .prepare(
          `SELECT count(DISTINCT ${column}) FROM copies JOIN ${labeledSamples()} AS s
             ON s.dataset_key = copies.dataset_key AND s.position = copies.held_out
           WHERE copies.dataset_key = ? ${where}`,
        )
        .pluck()
        .get(key) as number;
    return setCopies(project, datasetId, {
      checkedAt: timestamp(),
      seconds,
      heldOut: countOf('held_out'),
      test: countOf('held_out', `AND s.split = ${SPLIT_CODE.test}`),
      training: countOf('training'),
      leftOutAt: null,
    });
  });
}

export function readCopyPage(
  project: ReadableProject,
  datasetId: string,
  { offset, limit }: { offset: number; limit: number },
): { total: number; pairs: CopyPair[] } {
  const { key, dataset } = getDataset(project, datasetId);
  const classNames = dataset.classes.map(({ name }) => name);
  const total = project
    .prepare('SELECT count(*) FROM copies WHERE dataset_key = ?')
    .pluck()
    .get(key) as number;
  const rows = project
    .prepare(
      `SELECT held_out, training, exact, likeness FROM copies WHERE dataset_key = ?
       ORDER BY likeness DESC, held_out, training LIMIT ? OFFSET ?`,
    )
    .all(key, limit, offset) as { held_out: number; training: number; exact: number; likeness: number }[];
  const sample = (position: number) => readSample(project, key, position, classNames);
  const pairs = rows.map(({ held_out, training, exact, likeness }) => ({
    heldOut: sample(held_out),
    training: sample(training),
    exact: exact === 1,
    likeness,
  }));
  return { total, pairs };
}

/** Leaves the training samples of all pairs out of training, or brings them back. */
export function leaveCopiesOut(project: WritableProject, datasetId: string, leaveOut: boolean): Dataset {
  return inTransaction(project, () => {
    const { key, dataset } = getDataset(project, datasetId);
    const { copies } = dataset;
    if (!copies) throw notSearched(dataset.name);
    if (leaveOut === (copies.leftOutAt !== null)) return dataset;
    const [from, to] = leaveOut ? [SPLIT_CODE.train, LEFT_OUT_CODE] : [LEFT_OUT_CODE, SPLIT_CODE.train];
    const concerned = (column: string) =>
      `dataset_key = ? AND ${column} = ? AND position IN (SELECT training FROM copies WHERE dataset_key = ?)`;
    // Those that are left out by hand as well count nowhere, before and after.
    const kinds = project.connection
      .prepare(
        `SELECT class_id, number IS NOT NULL AS has_number, count(*) AS count FROM ${labeledSamples()}
         WHERE ${concerned('imported_split')} AND left_out = 0 GROUP BY class_id, has_number`,
      )
      .all(key, from, key) as { class_id: number; has_number: number; count: number }[];
    const moved = kinds.reduce((sum, { count }) => sum + count, 0);
    if (leaveOut && moved >= dataset.split.train) throw nothingLeft(dataset.name);
    project.connection
      .prepare(`UPDATE samples SET split = ? WHERE ${concerned('split')}`)
      .run(to, key, from, key);
    const shifts = kinds.map(({ class_id, has_number, count }) => ({
      split: SPLIT_CODE.train,
      classId: class_id,
      isLabeled: class_id >= 0 || has_number === 1,
      by: leaveOut ? -count : count,
    }));
    const counts = shiftCounts(dataset, shifts);
    const classes = countedTargets(project, key, { ...dataset, classes: counts.classes });
    project.database
      .update(datasetTable)
      .set({ ...counts, classes })
      .where(eq(datasetTable.id, datasetId))
      .run();
    return setCopies(project, datasetId, { ...copies, leftOutAt: leaveOut ? timestamp() : null });
  });
}

function setCopies(
  project: WritableProject,
  datasetId: string,
  copies: NonNullable<Dataset['copies']>,
): Dataset {
  project.database.update(datasetTable).set({ copies }).where(eq(datasetTable.id, datasetId)).run();
  return getDataset(project, datasetId).dataset;
}

function notSearched(name: string): PretextError {
  return new PretextError({
    code: 'copies.not-searched',
    message: `Nobody has looked for copies across the splits of “${name}” yet.`,
    place: name,
    remedy: 'Look for copies first.',
  });
}

function nothingLeft(name: string): PretextError {
  return new PretextError({
    code: 'split.no-training',
    message: `Every training sample of “${name}” is a copy of a validation or test sample: none would be left.`,
    place: name,
    remedy: 'Import the dataset again with another split.',
  });
}
