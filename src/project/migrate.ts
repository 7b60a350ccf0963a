/**
 * Brings a project's database to this program's version.
 *
 * Migrations are numbered SQL files that are only ever appended; the database remembers how far it is in
 * `user_version`. Each runs in its own transaction, with the check of foreign keys before it commits.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from 'better-sqlite3';
import { PretextError } from '../contract/errors.ts';

export interface Migration {
  version: number;
  name: string;
  sql: string;
}

const MIGRATION_FOLDER = fileURLToPath(new URL('./migrations', import.meta.url));

/** All migrations in order; a gap or a doubled number is a bug and stops the program. */
export function readMigrations(folder: string = MIGRATION_FOLDER): Migration[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  return files.toSorted().map((file, position) => {
    const version = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(file)?.[1]);
    if (version !== position + 1)
      throw new Error(`migration ${file} should be named ${String(position + 1).padStart(4, '0')}-….sql`);
    return { version, name: file, sql: readFileSync(join(folder, file), 'utf8') };
  });
}

export function databaseVersion(connection: Database): number {
  return connection.pragma('user_version', { simple: true }) as number;
}

/**
 * Applies what is missing, up to `target` (default: all).
 *
 * Throws a PretextError `project.newer` when the database comes from a later version of the program.
 */
export function migrate(
  connection: Database,
  migrations = readMigrations(),
  target = migrations.length,
): void {
  requireKnownVersion(connection, migrations);
  const found = databaseVersion(connection);
  for (const migration of migrations.slice(found, target)) applyMigration(connection, migration);
}

/** Throws `project.newer` when the database comes from a later version of the program. */
export function requireKnownVersion(connection: Database, migrations = readMigrations()): void {
  const found = databaseVersion(connection);
  if (found > migrations.length) throw newerDatabase(found, migrations.length, connection.name);
}

function applyMigration(connection: Database, migration: Migration): void {
  connection
    .transaction(() => {
      // Another service may have migrated while this one waited for the lock.
      if (databaseVersion(connection) >= migration.version) return;
      connection.exec(migration.sql);
      const broken = connection.pragma('foreign_key_check') as unknown[];
      if (broken.length > 0)
        throw new Error(`migration ${migration.name} left ${broken.length} loose references`);
      connection.pragma(`user_version = ${migration.version}`);
    })
    .exclusive();
}

function newerDatabase(found: number, known: number, file: string): PretextError {
  return new PretextError({
    code: 'project.newer',
    message: `This project was last used with a newer version of the program: its database is version ${found}, and this program knows versions up to ${known}.`,
    place: file,
    remedy: 'Open it with the newer version. Nothing was changed.',
  });
}
