import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import {
  closeProject,
  createProject,
  insertMetrics,
  listDatasets,
  listRuns,
  openProject,
  readMetrics,
  readProject,
  repairProject,
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

const failsWith = (code: string) =>
  expect.objectContaining({ failure: expect.objectContaining({ code }) as unknown }) as unknown;

/** A project with many pages of metrics; returns its folder and the run's id. */
function projectWithCurves(): { folder: string; runId: string } {
  const project = createProject(join(temporaryFolder(), 'a.pretext'), 'Mine', '0.0.0');
  addDataset(project, 'small', [sample(0), sample(1)]);
  const run = addRun(project, addStudy(project));
  insertMetrics(
    project,
    run.id,
    Array.from({ length: 2000 }, (_, step) => ({ step, epoch: step / 10, values: { loss: 1 / (step + 1) } })),
  );
  closeProject(project);
  return { folder: project.folder, runId: run.id };
}

/** Overwrites a page in the middle of a table. */
function damagePage(folder: string, table: string): void {
  const file = join(folder, 'project.db');
  const connection = new Sqlite(file);
  const pages = connection
    .prepare("SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path")
    .pluck()
    .all(table) as number[];
  connection.close();
  const bytes = readFileSync(file);
  const page = pages[Math.floor(pages.length / 2)]!;
  bytes.fill(0x5a, (page - 1) * 4096, page * 4096);
  writeFileSync(file, bytes);
}

describe('repairing a project', () => {
  it('saves all rows but those on the damaged page, and keeps the damaged file', () => {
    const { folder, runId } = projectWithCurves();
    damagePage(folder, 'metrics');
    const damaged = readFileSync(join(folder, 'project.db'));
    expect(() => openProject(folder)).toThrow(failsWith('project.broken'));
    const report = repairProject(folder, '0.0.0');
    expect(report.problems.length).toBeGreaterThan(0);
    expect(readFileSync(report.kept)).toEqual(damaged);
    const project = willClose(openProject(folder));
    expect(readProject(project).name).toBe('Mine');
    expect(listDatasets(project).map(({ name }) => name)).toEqual(['small']);
    const steps = readMetrics(project, runId).map(({ step }) => step);
    const { saved } = report.tables.find(({ table }) => table === 'metrics')!;
    expect(steps.length).toBe(saved);
    expect(steps.length).toBeGreaterThan(1800);
    expect(steps.length).toBeLessThan(2000);
    expect([steps[0], steps.at(-1)]).toEqual([0, 1999]);
  });

  it('takes out datasets that lack samples, and what cannot have been written by the program', () => {
    const { folder } = projectWithCurves();
    const connection = new Sqlite(join(folder, 'project.db'));
    connection.pragma('foreign_keys = OFF');
    connection.exec(
      `DELETE FROM samples WHERE position = 1; UPDATE runs SET id = '../../thesis', config = '{';`,
    );
    connection.close();
    const report = repairProject(folder, '0.0.0');
    expect(report.lostDatasets).toEqual(['small']);
    expect(report.tables).toContainEqual({ table: 'runs', saved: 0, lost: 1 });
    const project = willClose(openProject(folder));
    expect([listDatasets(project), listRuns(project)]).toEqual([[], []]);
  });

  it('changes nothing where nothing can be read, or somebody has the project open', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'project.db'), 'x'.repeat(8192));
    expect(() => repairProject(folder, '0.0.0')).toThrow(failsWith('project.beyond-repair'));
    expect(readdirSync(folder)).toEqual(['project.db']);
    expect(() => repairProject(join(folder, 'none'), '0.0.0')).toThrow(failsWith('project.not-a-project'));
    const { folder: held } = projectWithCurves();
    const connection = new Sqlite(join(held, 'project.db'));
    connection
      .prepare("INSERT INTO lease (id, token, pid, host, heartbeat_ms) VALUES (1, 'a', ?, ?, 0)")
      .run(process.pid, hostname());
    connection.close();
    expect(() => repairProject(held, '0.0.0')).toThrow(failsWith('project.in-use'));
    expect(existsSync(join(held, 'project.db.broken-1'))).toBe(false);
  });
});

describe('repairing a project of an earlier version', () => {
  const versions = readMigrations().map(({ version }) => [version]);

  it.each(versions)(
    'saves from version %i what opening it would have given, but the damaged page',
    (version) => {
      const folder = projectOfVersion(version);
      const { metrics, ...others } = contentWhenOpened(folder);
      damagePage(folder, 'metrics');
      expect(() => openProject(folder)).toThrow(failsWith('project.broken'));
      const report = repairProject(folder, '0.0.0');
      expect(report.tables.filter(({ lost }) => lost > 0).map(({ table }) => table)).toEqual(['metrics']);
      const found = contentOf(willClose(openProject(folder)));
      expect(found).toEqual({ ...others, metrics: found['metrics'] });
      expect(found['metrics']!.length).toBeGreaterThan(1700);
      expect(found['metrics']!.length).toBeLessThan(metrics!.length);
      expect(found['results']).toHaveLength(117);
      expect(found['answers']).toHaveLength(version < 8 ? 0 : 117);
    },
  );

  it.each([
    [8, 'results'],
    [22, 'results'],
    [8, 'answers'],
    [22, 'answers'],
    [22, 'copies'],
  ])('loses from version %i of a broken page of %s what lies on it', (version, table) => {
    const folder = projectOfVersion(version);
    const { [table]: all, ...others } = contentWhenOpened(folder);
    damagePage(folder, table);
    repairProject(folder, '0.0.0');
    const { [table]: saved, ...found } = contentOf(willClose(openProject(folder)));
    expect(found).toEqual(others);
    expect(all).toEqual(expect.arrayContaining(saved!));
    expect(saved!.length).toBeLessThan(all!.length);
    if (all!.length > 1) expect(saved!.length).toBeGreaterThan(all!.length / 2);
  });

  it.each([[0], [99]])('knows the tables where the number of the version (%i) is none', (said) => {
    const folder = projectOfVersion(22);
    const expected = contentWhenOpened(folder);
    const connection = new Sqlite(join(folder, 'project.db'));
    connection.pragma(`user_version = ${said}`);
    connection.close();
    repairProject(folder, '0.0.0');
    expect(contentOf(willClose(openProject(folder)))).toEqual(expected);
  });
});
