import Sqlite from 'better-sqlite3';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import { describe, expect, it } from 'vitest';
import { openProject, closeProject } from '../../../src/project/index.ts';
import { databaseVersion, migrate, readMigrations } from '../../../src/project/migrate.ts';
import * as schema from '../../../src/project/schema.ts';
import { temporaryFolder, temporaryProject } from '../../fixtures/projects.ts';

const migrations = readMigrations();
const schemaOf = (connection: Sqlite.Database) =>
  connection.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all();

describe('migrate', () => {
  it.each(migrations.map(({ version }) => [version - 1]))(
    'brings version %i to the present one',
    (version) => {
      const fresh = new Sqlite(':memory:');
      migrate(fresh);
      const old = new Sqlite(':memory:');
      migrate(old, migrations, version);
      expect(databaseVersion(old)).toBe(version);
      migrate(old);
      expect(databaseVersion(old)).toBe(migrations.length);
      expect(schemaOf(old)).toEqual(schemaOf(fresh));
    },
  );

  it('says of the best checkpoint of a pretraining, from before there were looks at health, that the probe chose it', () => {
    const connection = new Sqlite(':memory:');
    migrate(connection, migrations, 1);
    connection.exec(`
      INSERT INTO studies (id, name, recipe, recipe_hash, status, created_at) VALUES ('s', 'S', '{}', 'h', 'done', '');
      INSERT INTO runs (id, study_id, position, kind, name, status, datasets, config, created_at)
        VALUES ('r', 's', 1, 'pretext', 'simclr-1', 'done', '[]', '{}', ''),
          ('f', 's', 2, 'finetune', 'baseline-1', 'done', '[]', '{}', '');
      INSERT INTO checkpoints (id, run_id, kind, step, epoch, file, bytes, sha256, score, created_at)
        VALUES ('c', 'r', 'best', 5, 1, 'f', 1, 'x', 0.5, ''), ('d', 'r', 'last', 6, 1, 'g', 1, 'y', NULL, ''),
          ('e', 'f', 'best', 5, 1, 'h', 1, 'z', 0.7, '');
    `);
    migrate(connection);
    expect(connection.prepare('SELECT name, findings FROM runs').all()).toEqual([
      { name: 'simclr-1', findings: '[]' },
      { name: 'baseline-1', findings: '[]' },
    ]);
    expect(connection.prepare('SELECT id, score, score_of FROM checkpoints').all()).toEqual([
      { id: 'c', score: 0.5, score_of: 'knn' },
      { id: 'd', score: null, score_of: null },
      { id: 'e', score: 0.7, score_of: null },
    ]);
  });

  it('takes results and answers of runs as those of their first dataset', () => {
    const connection = new Sqlite(':memory:');
    migrate(connection, migrations, 22);
    connection.exec(`
      INSERT INTO studies (id, name, recipe, recipe_hash, status, created_at) VALUES ('s', 'S', '{}', 'h', 'done', '');
      INSERT INTO runs (id, study_id, position, kind, name, status, datasets, config, created_at)
        VALUES ('a', 's', 1, 'finetune', 'baseline-1', 'done', '["small"]', '{}', '');
      INSERT INTO results VALUES ('a', 1, '{"test":0.5}'), ('a', 2, 'damaged');
      INSERT INTO answers VALUES ('a', 1, 'a-1.safetensors', 3, 'x', x'00');
    `);
    migrate(connection);
    expect(connection.prepare('SELECT * FROM results').all()).toEqual([
      { run_id: 'a', seed: 1, result: '{"test":0.5}', head: 0 },
      { run_id: 'a', seed: 2, result: 'damaged', head: 0 },
    ]);
    expect(connection.prepare('SELECT run_id, head, seed, file FROM answers').all()).toEqual([
      { run_id: 'a', head: 0, seed: 1, file: 'a-1.safetensors' },
    ]);
  });

  it('makes the columns that the typed queries expect', () => {
    const connection = new Sqlite(':memory:');
    migrate(connection);
    for (const table of Object.values(schema) as SQLiteTable[]) {
      const { name, columns } = getTableConfig(table);
      const found = connection
        .prepare(`SELECT name, "notnull" AS required FROM pragma_table_info('${name}')`)
        .all();
      const expected = columns.map((column) => column.name).toSorted();
      expect((found as { name: string }[]).map((column) => column.name).toSorted(), name).toEqual(expected);
    }
  });

  it('keeps nothing of a migration that fails', () => {
    const connection = new Sqlite(':memory:');
    migrate(connection);
    const broken = {
      version: migrations.length + 1,
      name: 'broken',
      sql: 'CREATE TABLE extra (id); nonsense;',
    };
    expect(() => migrate(connection, [...migrations, broken])).toThrow(/syntax error/);
    expect(databaseVersion(connection)).toBe(migrations.length);
    expect(connection.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'extra'").pluck().get()).toBe(
      0,
    );
  });

  it('refuses a database of a newer program and leaves it as it is', () => {
    const project = temporaryProject();
    project.connection.pragma('user_version = 999');
    closeProject(project);
    expect(() => openProject(project.folder)).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code: 'project.newer' }) as unknown }),
    );
    const connection = new Sqlite(join(project.folder, 'project.db'));
    expect(databaseVersion(connection)).toBe(999);
    connection.close();
  });

  it('stops at a gap in the numbers', () => {
    const folder = join(temporaryFolder(), 'migrations');
    mkdirSync(folder);
    writeFileSync(join(folder, '0001-begin.sql'), '');
    writeFileSync(join(folder, '0003-more.sql'), '');
    expect(() => readMigrations(folder)).toThrow(/0002/);
  });
});
