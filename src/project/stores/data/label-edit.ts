/**
 * A version of labels in the making. Its rows stand beside those in force, which end with it; all of that is read by
 * nobody before the dataset names the version.
 */
import { eq } from 'drizzle-orm';
import type { LabelsChanged } from '../../../contract/data/labels.ts';
import { LEFT_OUT_CODE, SPLIT_CODE } from '../../../contract/data/splits/split.ts';
import type { ReadableProject, WritableProject } from '../../database.ts';
import { timestamp } from '../../identity.ts';
import { datasetTable } from '../../schema.ts';
import { parseDocument } from '../../stored-document.ts';
import { getDataset, type StoredDataset } from './datasets.ts';
import { inForce, type LabeledSample } from './labeled-samples.ts';
import { targetShifts } from './target-counts.ts';
import { countsText, roomFor, shiftCounts, shiftsOfKinds, type SampleKind } from './sample-counts.ts';

export type Said = Pick<LabeledSample, 'classId' | 'number' | 'leftOut'>;

export interface LabelEdit {
  /** Of the labels once they are published. */
  version: number;
  /** How many test samples change. */
  readonly tests: number;
  /** @param row the sample as changed so far */
  set(row: LabeledSample, said: Said): void;
  /** Lets the version count. A few rows, however many samples changed. */
  publish(about: { madeBy: string; restores: number | null; names: readonly string[] }): LabelsChanged;
}

/** The rows of each call belong into one transaction, which is the caller's. */
export function beginEdit(
  project: WritableProject,
  { key, dataset: asked, labelVersion }: StoredDataset,
): LabelEdit {
  const version = labelVersion + 1;
  const write = rowWriter(project, key, version);
  const shifts = shiftsOfKinds();
  const several = targetShifts(project, key, asked);
  const isTouched = new Uint8Array(asked.sampleCount);
  let [samples, tests, changed] = [0, 0, 0];
  return {
    version,
    get tests() {
      return tests;
    },
    set(row, said) {
      if (isSame(row, said)) return;
      if (isTouched[row.position] === 0) {
        isTouched[row.position] = 1;
        samples += 1;
        if (row.importedSplit === SPLIT_CODE.test) tests += 1;
      }
      const imported = { classId: row.importedClassId, number: row.importedNumber, leftOut: 0 as const };
      const [differed, differs] = [!isSame(imported, row), !isSame(imported, said)];
      write(row.position, differs ? said : null);
      changed += Number(differs) - Number(differed);
      for (const [label, by] of [
        [row, -1],
        [said, 1],
      ] as const) {
        const kind = kindOf(row, label);
        shifts.add(kind, by);
        several.add(row.position, kind.split, by);
      }
    },
    publish(about) {
      const { dataset } = getDataset(project, asked.id);
      if (samples === 0) return { dataset, version: labelVersion, samples, tests };
      const before = dataset.classes.map(({ name }) => name);
      const known = roomFor(about.names, dataset.classes);
      const counts = shiftCounts({ ...dataset, classes: known }, shifts.all());
      const imported = labelVersion === 0 ? before : importedNames(project, key);
      const names = withoutEmpty(project, { key, version, imported }, about.names);
      const madeAt = timestamp();
      const note = project.connection.prepare(
        'INSERT INTO label_versions (dataset_key, version, made_at, made_by, samples, tests, classes, restores, counts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      );
      if (labelVersion === 0)
        note.run(
          key,
          0,
          dataset.createdAt,
          'import',
          0,
          0,
          JSON.stringify(before),
          null,
          countsText(dataset),
        );
      const differ = JSON.stringify(names) === JSON.stringify(before) ? null : JSON.stringify(names);
      const values = {
        ...counts,
        classes: several.applied(counts.classes).slice(0, names.length),
        labels: { version, changedAt: madeAt, changed: (dataset.labels?.changed ?? 0) + changed },
      };
      const now = countsText({ ...dataset, ...values });
      note.run(key, version, madeAt, about.madeBy, samples, tests, differ, about.restores, now);
      project.database.update(datasetTable).set(values).where(eq(datasetTable.key, key)).run();
      return { dataset: { ...dataset, ...values }, version, samples, tests };
    },
  };
}

/** Writes the label of a sample as of a version; null: the import's. */
function rowWriter({ connection }: WritableProject, key: number, version: number) {
  const close = connection.prepare(
    'UPDATE labels SET until = ? WHERE dataset_key = ? AND position = ? AND until IS NULL AND version < ?',
  );
  // A sample may be named twice: the last word counts.
  const drop = connection.prepare(
    'DELETE FROM labels WHERE dataset_key = ? AND position = ? AND version = ?',
  );
  const insert = connection.prepare(
    'INSERT INTO labels (dataset_key, position, version, class_id, number, left_out) VALUES (?, ?, ?, ?, ?, ?)',
  );
  return (position: number, said: Said | null) => {
    close.run(version, key, position, version);
    drop.run(key, position, version);
    if (said) insert.run(key, position, version, said.classId, said.number, said.leftOut);
  };
}

/** Names without the last ones that came after the import and that no sample bears any more. */
function withoutEmpty(
  project: ReadableProject,
  { key, version, imported }: { key: number; version: number; imported: readonly string[] },
  names: readonly string[],
): string[] {
  const isUsed = project
    .prepare(
      `SELECT 1 FROM labels WHERE dataset_key = ? AND class_id = ? AND ${inForce('labels', version)} LIMIT 1`,
    )
    .pluck();
  const kept = [...names];
  while (kept.length > imported.length && isUsed.get(key, kept.length - 1) === undefined) kept.pop();
  return kept;
}

const importedNames = (project: ReadableProject, key: number) =>
  parseDocument<string[]>(
    project
      .prepare('SELECT classes FROM label_versions WHERE dataset_key = ? AND version = 0')
      .pluck()
      .get(key) as string,
    'classes',
  );

const kindOf = ({ importedSplit }: LabeledSample, { classId, number, leftOut }: Said): SampleKind => ({
  split: leftOut === 1 ? LEFT_OUT_CODE : importedSplit,
  classId,
  isLabeled: classId >= 0 || number !== null,
});

const isSame = (one: Said, other: Said) =>
  one.classId === other.classId && one.number === other.number && one.leftOut === other.leftOut;
