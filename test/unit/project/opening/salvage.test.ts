/** Databases whose description of their tables is damaged: every row that stands elsewhere is saved. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import {
  closeProject,
  createProject,
  insertMetrics,
  openProject,
  repairProject,
  type WritableProject,
} from '../../../../src/project/index.ts';
import { readMigrations } from '../../../../src/project/migrate.ts';
import { contentOf, contentWhenOpened, projectOfVersion } from '../../../fixtures/earlier-projects.ts';
import {
  addDataset,
  addRun,
  addStudy,
  sample,
  temporaryFolder,
  willClose,
} from '../../../fixtures/projects.ts';

const PAGE = 4096;

/** A row or many in every table that a repair keeps. */
function filledProject(): WritableProject {
  const project = createProject(join(temporaryFolder(), 'a.pretext'), 'Mine', '0.0.0');
  const many = Array.from({ length: 3000 }, (_, index) => sample(index, { group: `g${index % 7}` }));
  const { key } = addDataset(project, 'small', many);
  const study = addStudy(project);
  const [first, second] = [addRun(project, study).id, addRun(project, study).id];
  insertMetrics(
    project,
    first,
    Array.from({ length: 2000 }, (_, step) => ({ step, epoch: step / 10, values: { loss: 1 / (step + 1) } })),
  );
  project.connection.exec(`
    INSERT INTO issues VALUES (${key}, 0, 'a.png', NULL, 'broken', 'It is cut off.', 'left-out');
    INSERT INTO run_needs VALUES ('${second}', '${first}');
    INSERT INTO checkpoints (id, run_id, kind, step, epoch, file, bytes, sha256, created_at)
      VALUES ('checkpoint', '${first}', 'last', 5, 1.5, 'a.safetensors', 9, 'x', '');
    INSERT INTO transfers VALUES ('transfer', '${second}', 'checkpoint', '{}', '');
    INSERT INTO results VALUES ('${second}', 1, '{}', 0);
    INSERT INTO probes VALUES ('${first}', 'knn', '[0.5]');
    INSERT INTO answers VALUES ('${second}', 0, 1, 'a.answers', 3, 'x', x'00ff');
    INSERT INTO copies VALUES (${key}, 0, 1, 2, 1, 0.75);
    INSERT INTO copy_searches VALUES (${key}, ${key}, '', 1.0, 1, 0);
    INSERT INTO copies_between VALUES (${key}, ${key}, 0, 1, 2, 0, 0.5);
    INSERT INTO dataset_changes VALUES (${key}, 'token', 1, 'elsewhere', NULL, 0);
    INSERT INTO label_versions VALUES (${key}, 1, '', 'hand', 1, 0, NULL, NULL, NULL);
    INSERT INTO labels VALUES (${key}, 3, 1, NULL, 0, NULL, 0);
    INSERT INTO models (id, run_id, bytes, model, created_at) VALUES ('model', '${second}', 1, '{}', '');
    INSERT INTO away_runs VALUES ('${second}', 'bundle', 2, 0, '');
    INSERT INTO recordings VALUES (${key}, 0, 'a.edf', 0, 9, NULL, 's1', '[]');
    INSERT INTO recording_marks VALUES (${key}, 0, 0, 'event', 'blink', NULL, 3, 4);
    INSERT INTO group_levels VALUES (${key}, 'participant', '1+3', '1');
    INSERT INTO folds VALUES ('${study}', 1, 'x', '{}');
    INSERT INTO run_parts VALUES ('${second}', '[]', 0);
    INSERT INTO bundles VALUES ('bundle', '${study}', '/jobs', 5, NULL, '');
  `);
  return project;
}

/** Pages of the description itself, the first of the file among them. */
function descriptionPages(file: string): number[] {
  const connection = new Sqlite(file, { readonly: true });
  const pages = connection
    .prepare("SELECT pageno FROM dbstat WHERE name = 'sqlite_schema' ORDER BY pageno")
    .pluck()
    .all() as number[];
  connection.close();
  return pages;
}

function change(file: string, how: (bytes: Buffer) => void): void {
  const bytes = readFileSync(file);
  how(bytes);
  writeFileSync(file, bytes);
}

function repaired(damage: (file: string) => void) {
  const project = filledProject();
  const expected = contentOf(project);
  expect(Object.values(expected).filter((rows) => rows.length === 0)).toEqual([]);
  closeProject(project);
  const file = join(project.folder, 'project.db');
  damage(file);
  expect(() => openProject(project.folder)).toThrow(/damaged/);
  const report = repairProject(project.folder, '0.0.0');
  expect(report.problems.length).toBeGreaterThan(0);
  return { report, expected, found: contentOf(willClose(openProject(project.folder))) };
}

describe('a database of which the description of its tables is damaged', () => {
  const damages: Record<string, (file: string) => void> = {
    'by its whole first page': (file) => change(file, (bytes) => bytes.fill(0x5a, 0, PAGE)),
    'by its first bytes': (file) => change(file, (bytes) => bytes.fill(0, 0, 40)),
    'by all of its pages': (file) => {
      const pages = descriptionPages(file);
      expect(pages.length).toBeGreaterThan(2);
      change(file, (bytes) => {
        for (const page of pages) bytes.fill(0x5a, (page - 1) * PAGE, page * PAGE);
      });
    },
    'by one of its pages': (file) => {
      const page = descriptionPages(file).at(-2)!;
      change(file, (bytes) => bytes.fill(0x5a, (page - 1) * PAGE, page * PAGE));
    },
    'by the number of bytes of one of its rows': (file) => {
      const page = descriptionPages(file).at(-2)!;
      change(file, (bytes) => {
        const start = (page - 1) * PAGE;
        // The first byte of its first cell: the row then claims to be longer than the page.
        bytes[start + bytes.readUInt16BE(start + 8)]! |= 0xff;
      });
    },
    'by one letter': (file) =>
      change(file, (bytes) => {
        // Older wordings may stand in the gaps of its pages.
        for (let at = bytes.indexOf('TABLE runs'); at >= 0; at = bytes.indexOf('TABLE runs'))
          bytes.write('TABLX', at);
      }),
  };
  for (const [how, damage] of Object.entries(damages))
    it(`${how} keeps every row of every table`, () => {
      const { report, expected, found } = repaired(damage);
      expect(found).toEqual(expected);
      expect(report.tables.filter(({ lost }) => lost > 0)).toEqual([]);
      expect(report.lostDatasets).toEqual([]);
    });

  it('and a page of a table as well loses the rows of that page', () => {
    const { expected, found } = repaired((file) => {
      const connection = new Sqlite(file, { readonly: true });
      const pages = connection
        .prepare("SELECT pageno FROM dbstat WHERE name = 'metrics' AND pagetype = 'leaf' ORDER BY path")
        .pluck()
        .all() as number[];
      connection.close();
      const page = pages[Math.floor(pages.length / 2)]!;
      change(file, (bytes) => bytes.fill(0x5a, 0, PAGE).fill(0x5a, (page - 1) * PAGE, page * PAGE));
    });
    expect(found['metrics']!.length).toBeGreaterThan(1800);
    expect(found['metrics']!.length).toBeLessThan(2000);
    expect({ ...found, metrics: [] }).toEqual({ ...expected, metrics: [] });
  });

  it('keeps what stands in the log beside it, up to the last whole change', () => {
    const project = filledProject();
    project.connection.pragma('wal_checkpoint(TRUNCATE)');
    project.connection.pragma('wal_autocheckpoint = 0');
    project.connection.prepare("UPDATE studies SET name = 'In the log'").run();
    project.connection.prepare("UPDATE studies SET name = 'Cut short'").run();
    const folder = temporaryFolder();
    const file = join(project.folder, 'project.db');
    for (const suffix of ['', '-wal']) copyFileSync(file + suffix, join(folder, `project.db${suffix}`));
    const expected = contentOf(project);
    closeProject(project);
    change(join(folder, 'project.db'), (bytes) => bytes.fill(0x5a, 0, PAGE));
    const log = readFileSync(join(folder, 'project.db-wal'));
    writeFileSync(join(folder, 'project.db-wal'), log.subarray(0, log.length - 100));
    repairProject(folder, '0.0.0');
    const found = contentOf(willClose(openProject(folder)));
    const { studies, ...others } = found;
    expect(studies).toMatchObject([{ name: 'In the log' }]);
    expect(others).toEqual({ ...expected, studies: undefined });
  });

  it.each(readMigrations().map(({ version }) => [version]))(
    'by all but its header keeps every row of version %i, as opening it would have given them',
    (version) => {
      const folder = projectOfVersion(version);
      const expected = contentWhenOpened(folder);
      const file = join(folder, 'project.db');
      const pages = descriptionPages(file);
      change(file, (bytes) => {
        for (const page of pages) bytes.fill(0x5a, Math.max(100, (page - 1) * PAGE), page * PAGE);
      });
      const report = repairProject(folder, '0.0.0');
      expect(contentOf(willClose(openProject(folder)))).toEqual(expected);
      expect(report.tables.filter(({ lost }) => lost > 0)).toEqual([]);
    },
  );

  it.each([[8], [18], [22]])('by its whole first page keeps every row of version %i', (version) => {
    const folder = projectOfVersion(version);
    const expected = contentWhenOpened(folder);
    change(join(folder, 'project.db'), (bytes) => bytes.fill(0x5a, 0, PAGE));
    repairProject(folder, '0.0.0');
    const found = contentOf(willClose(openProject(folder)));
    for (const table of ['results', 'answers', 'copies', 'copies_between', 'samples', 'runs', 'metrics'])
      expect(found[table]).toEqual(expected[table]);
  });

  it.each([[18], [22]])(
    'keeps what is in force of a database that was migrated from version %i',
    (version) => {
      const folder = projectOfVersion(version);
      closeProject(openProject(folder));
      const expected = contentWhenOpened(folder);
      // The list of free pages is lost as well: what stood in the tables of that version is found again, too.
      change(join(folder, 'project.db'), (bytes) => bytes.fill(0x5a, 0, PAGE));
      repairProject(folder, '0.0.0');
      expect(contentOf(willClose(openProject(folder)))).toEqual(expected);
    },
  );
});
