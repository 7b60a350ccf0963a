import Sqlite from 'better-sqlite3';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  closeProject,
  createProject,
  findDataset,
  listDatasets,
  openProject,
  readProject,
  readSeenPartsOf,
  renameProject,
} from '../../../../src/project/index.ts';
import { databaseVersion, migrate, readMigrations } from '../../../../src/project/migrate.ts';
import {
  addDataset,
  addRun,
  addStudy,
  sample,
  temporaryFolder,
  temporaryProject,
  willClose,
} from '../../../fixtures/projects.ts';

const failsWith = (code: string) =>
  expect.objectContaining({ failure: expect.objectContaining({ code }) as unknown }) as unknown;
const newest = readMigrations().length;

/** Permissions mean nothing to the administrator, as whom some machines run tests: then as nobody. */
function withoutPrivileges<T>(work: () => T): T {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    return work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

function closedProject(): string {
  const project = createProject(join(temporaryFolder(), 'a.pretext'), 'A', '0.0.0');
  addDataset(project, 'small', [sample(0), sample(1)]);
  closeProject(project);
  return project.folder;
}

/** A folder whose project.db is something else. */
function withDatabase(fill: (connection: Sqlite.Database) => void): string {
  const folder = temporaryFolder();
  const connection = new Sqlite(join(folder, 'project.db'));
  fill(connection);
  connection.close();
  return folder;
}

describe('a database that is no project', () => {
  it.each([
    ['empty', () => undefined, 'project.empty'],
    ['of another program', (db: Sqlite.Database) => db.exec('CREATE TABLE notes (text)'), 'project.foreign'],
    [
      'of another program that counts versions',
      (db: Sqlite.Database) => db.exec('CREATE TABLE project (id); PRAGMA user_version = 3'),
      'project.foreign',
    ],
  ] as const)('is refused and left as it is: %s', (_name, fill, code) => {
    const folder = withDatabase((connection) => void fill(connection));
    const before = readFileSync(join(folder, 'project.db'));
    expect(() => openProject(folder)).toThrow(failsWith(code));
    expect(readFileSync(join(folder, 'project.db'))).toEqual(before);
    expect(readdirSync(folder)).toEqual(['project.db']);
  });
});

describe('a damaged database', () => {
  it('is refused with what to do, and left as it is', () => {
    const folder = closedProject();
    const file = join(folder, 'project.db');
    const bytes = readFileSync(file);
    // The second page holds a table: its first byte says of which kind it is.
    bytes[4096] = 0x77;
    writeFileSync(file, bytes);
    expect(() => openProject(folder)).toThrow(failsWith('project.broken'));
    expect(readFileSync(file)).toEqual(bytes);
  });

  it('is refused where the description of a table was changed', () => {
    const folder = closedProject();
    const connection = new Sqlite(join(folder, 'project.db'));
    connection.unsafeMode(true);
    connection.pragma('writable_schema = ON');
    connection.exec("UPDATE sqlite_schema SET sql = replace(sql, 'import_seconds', 'import_secands')");
    connection.close();
    expect(() => openProject(folder)).toThrow(/not as it was made/);
  });

  it('that passes every check says which entry is no document', () => {
    const folder = closedProject();
    const project = willClose(openProject(folder));
    project.connection.prepare("UPDATE datasets SET classes = '[{'").run();
    expect(() => listDatasets(project)).toThrow(failsWith('project.broken'));
  });

  it('says so also of an entry that is a document, but none that the program writes', () => {
    const project = temporaryProject();
    const run = addRun(project, addStudy(project));
    const write = project.connection.prepare('INSERT OR REPLACE INTO run_parts VALUES (?, ?, 0)');
    for (const text of ['[{', '[{"tr!in":1}]']) {
      write.run(run.id, text);
      expect(() => readSeenPartsOf(project, run.id)).toThrow(failsWith('project.broken'));
    }
  });
});

describe('a project of an earlier version', () => {
  it('is backed up before it is migrated, and the three latest backups are kept', () => {
    const folder = temporaryFolder();
    const old = new Sqlite(join(folder, 'project.db'));
    migrate(old, readMigrations(), newest - 1);
    old.prepare("INSERT INTO project VALUES (1, 'Old', '', '0')").run();
    old.close();
    mkdirSync(join(folder, 'backups'));
    for (const number of ['0001', '0002', '0003'])
      writeFileSync(join(folder, 'backups', `project-version-${number}.db`), '');
    writeFileSync(join(folder, 'backups', 'mine.db'), '');
    expect(readProject(willClose(openProject(folder))).name).toBe('Old');
    const own = `project-version-${String(newest - 1).padStart(4, '0')}.db`;
    expect(readdirSync(join(folder, 'backups')).toSorted()).toEqual(
      ['mine.db', 'project-version-0002.db', 'project-version-0003.db', own].toSorted(),
    );
    const backup = new Sqlite(join(folder, 'backups', own), { readonly: true });
    expect(databaseVersion(backup)).toBe(newest - 1);
    expect(backup.prepare('SELECT name FROM project').pluck().get()).toBe('Old');
    backup.close();
  });

  it.each(readMigrations().map(({ version }) => [version]))('opens from version %i on', (version) => {
    const folder = temporaryFolder();
    const old = new Sqlite(join(folder, 'project.db'));
    migrate(old, readMigrations(), version);
    old.prepare("INSERT INTO project VALUES (1, 'Old', '', '0')").run();
    old.close();
    const project = willClose(openProject(folder));
    expect(databaseVersion(project.connection)).toBe(newest);
    expect(existsSync(join(folder, 'backups'))).toBe(version < newest);
  });

  it('that is up to date needs no backup', () => {
    const folder = closedProject();
    willClose(openProject(folder));
    expect(existsSync(join(folder, 'backups'))).toBe(false);
  });
});

describe('a project in a folder that may only be read', () => {
  it('opens for reading, as it was left, and takes no change', () => {
    const folder = closedProject();
    chmodSync(join(folder, '..'), 0o755);
    const writer = willClose(openProject(folder));
    renameProject(writer, 'In the log beside the database');
    expect(existsSync(join(folder, 'project.db-wal'))).toBe(true);
    for (const name of readdirSync(folder))
      if (name.startsWith('project.db')) chmodSync(join(folder, name), 0o444);
    chmodSync(folder, 0o555);
    const before = readdirSync(folder);
    withoutPrivileges(() => {
      const project = openProject(folder);
      expect(project.readOnly).toBe(true);
      expect(project.folder).toBe(folder);
      expect(readProject(project).name).toBe('In the log beside the database');
      expect(findDataset(project, 'small')?.dataset.sampleCount).toBe(2);
      expect(() => renameProject(project, 'B')).toThrow(/readonly database/);
      const copy = project.connection.name;
      closeProject(project);
      expect(existsSync(copy)).toBe(false);
    });
    expect(readdirSync(folder)).toEqual(before);
    chmodSync(folder, 0o755);
  });
});

describe('a folder in which somebody was killed while making a project', () => {
  it('takes a new project', () => {
    const folder = join(temporaryFolder(), 'a.pretext');
    const { pid: gone } = spawnSync(process.execPath, ['-e', '']);
    for (const part of ['shards', 'logs']) mkdirSync(join(folder, part), { recursive: true });
    for (const suffix of ['', '-journal'])
      writeFileSync(join(folder, `project.db.making-${gone}${suffix}`), '');
    const project = willClose(createProject(folder, 'A', '0'));
    expect(readProject(project).name).toBe('A');
    expect(readdirSync(folder).filter((name) => name.includes('making'))).toEqual([]);
  });

  it('does not where somebody else is making one, or where there is more in it', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, `project.db.making-${process.ppid}`), '');
    expect(() => createProject(folder, 'A', '0')).toThrow(failsWith('project.folder-not-empty'));
    const other = temporaryFolder();
    mkdirSync(join(other, 'shards'));
    writeFileSync(join(other, 'shards', 'mine.txt'), '');
    expect(() => createProject(other, 'A', '0')).toThrow(failsWith('project.folder-not-empty'));
  });
});

it('a project is made whole: its database is one file, with nothing in a log beside it', () => {
  const project = temporaryProject();
  const connection = new Sqlite(join(project.folder, 'project.db'), { readonly: true });
  expect(connection.prepare('SELECT name FROM project').pluck().get()).toBe('A');
  connection.close();
});
