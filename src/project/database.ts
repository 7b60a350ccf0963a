/** Opening project.db, and what the rest of the program holds of it. */
import Sqlite from 'better-sqlite3';
import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { preparingOnce } from './statements.ts';

type Database = BetterSQLite3Database<Record<string, never>>;

/** A project to read from. */
export interface ReadableProject {
  /** Absolute path of the project folder. */
  readonly folder: string;
  readonly database: Pick<Database, 'select' | 'selectDistinct' | '$count'>;
  /** The folder may only be read: every change is refused. */
  readonly readOnly?: boolean;
  /** Prepares a plain SQL query, for the few places where a million rows are read. */
  readonly prepare: (sql: string) => Sqlite.Statement;
}

/** A project to read from and write to. */
export interface WritableProject extends ReadableProject {
  readonly database: Database;
  readonly connection: Sqlite.Database;
  readonly onClose?: () => void;
}

/** Opens the file with the settings that every connection uses. Does not migrate. */
export function connect(file: string): Sqlite.Database {
  const connection = new Sqlite(file, { timeout: 10_000 });
  try {
    connection.pragma('journal_mode = WAL');
    // FULL: a checkpoint's file is deleted once its successor is committed, so a commit must survive a power cut.
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
    return connection;
  } catch (error) {
    // Nothing holds on to a file that could not be opened.
    connection.close();
    throw error;
  }
}

export function wrapConnection(folder: string, connection: Sqlite.Database): WritableProject {
  return {
    folder,
    connection,
    database: drizzle(preparingOnce(connection)),
    prepare: (sql) => connection.prepare(sql),
  };
}

/** Runs `work` in one transaction: all of it is kept, or (when it throws) nothing. Transactions may nest. */
export function inTransaction<T>(project: WritableProject, work: () => T): T {
  return project.connection.transaction(work).immediate();
}

export function closeProject(project: WritableProject): void {
  project.connection.close();
  project.onClose?.();
}

/**
 * Writes what the log beside the database holds into the database itself, as far as nobody reads it at the moment: a
 * copy of project.db alone, or the loss of its log, then costs little.
 */
export function settleDatabase({ connection, readOnly }: WritableProject): void {
  if (!readOnly) connection.pragma('wal_checkpoint(PASSIVE)');
}
