/** However many rows are written or deleted, others get their turn between a few thousand of them. */
import { describe, expect, it } from 'vitest';
import {
  deleteCurves,
  deleteDataset,
  deleteStudy,
  inTransaction,
  insertMetrics,
  listHiddenStudies,
  saveCopiesBetween,
  getDataset,
  showStudy,
  type WritableProject,
} from '../../../../../src/project/index.ts';
import { ROWS_AT_ONCE } from '../../../../../src/project/stores/data/stretches.ts';
import { mostAtOnce } from '../../../../fixtures/breaths.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../../fixtures/projects.ts';

const MANY = 3 * ROWS_AT_ONCE + 7;
const TABLES = ['samples', 'issues', 'labels', 'copies', 'copies_between', 'metrics'];

const countOf = (project: WritableProject, table: string) =>
  project.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;

/** Rows by the thousand, made by the database itself. */
const fill = (project: WritableProject, table: string, values: string) =>
  project
    .prepare(
      `INSERT INTO ${table} WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY - 1})
     SELECT ${values} FROM n`,
    )
    .run();

describe('a dataset with a great many samples, issues, labels and copies', () => {
  it('is deleted with all of them, a few thousand rows at a time', async () => {
    const project = temporaryProject();
    const { id, key } = addDataset(project, 'small', [sample(0)]);
    const other = addDataset(project, 'other', [sample(0)]);
    fill(
      project,
      'samples (dataset_key, position, source, byte_offset, class_id, split)',
      `${key}, i + 1, 'x', 0, 0, 0`,
    );
    fill(project, 'issues', `${key}, i, 'x', NULL, 'broken', 'It is broken.', 'left-out'`);
    fill(project, 'labels', `${key}, i, 1, NULL, 1, NULL, 0`);
    // Pairs of one blank picture with all others.
    fill(project, 'copies', `${key}, 0, 0, i + 1, 1, 1.0`);
    for (const [heldOut, seen] of [
      [id, other.id],
      [other.id, id],
    ] as const)
      await saveCopiesBetween(project, getDataset(project, heldOut), getDataset(project, seen), [], 1);
    fill(project, 'copies_between', `${key}, ${other.key}, 0, 0, i, 1, 1.0`);
    fill(project, 'copies_between', `${other.key}, ${key}, 0, i, 0, 1, 1.0`);

    const most = await mostAtOnce(project, () => deleteDataset(project, id));
    expect(most).toBeLessThanOrEqual(ROWS_AT_ONCE + 10);
    expect(TABLES.map((table) => countOf(project, table))).toEqual([1, 0, 0, 0, 0, 0]);
    expect(countOf(project, 'datasets')).toBe(1);
  });
});

describe('a study with long curves', () => {
  it('is deleted with them, a few thousand points at a time, and cannot be brought back meanwhile', async () => {
    const project = temporaryProject();
    const study = addStudy(project);
    const kept = addRun(project, addStudy(project)).id;
    insertMetrics(project, kept, [{ step: 1, epoch: 1, values: { loss: 1 } }]);
    for (const { id } of [addRun(project, study), addRun(project, study)])
      inTransaction(project, () => fill(project, 'metrics', `'${id}', i, 0.0, '{}'`));
    const most = await mostAtOnce(project, async () => {
      const curves = deleteCurves(project, study);
      expect(() => showStudy(project, study)).toThrow(/no study/);
      expect(await curves).toBe(true);
    });
    expect(most).toBeLessThanOrEqual(ROWS_AT_ONCE + 10);
    expect(listHiddenStudies(project)).toHaveLength(1);
    deleteStudy(project, study);
    expect(countOf(project, 'metrics')).toBe(1);
  });
});
