/** Statements that are prepared once. */
import type Sqlite from 'better-sqlite3';

/** Those of more queries are prepared anew: the program has some hundred, a few of them of many lengths. */
const KEPT = 256;

/**
 * A connection as the query builder needs it. By itself the builder prepares each query anew, which takes longer than
 * most of them run; and a statement's memory lies outside of JavaScript's, where it is given back long after its use.
 */
export function preparingOnce(connection: Sqlite.Database): Sqlite.Database {
  const known = new Map<string, Sqlite.Statement>();
  const prepare = (query: string): Sqlite.Statement => {
    const found = known.get(query);
    // Rows of it are still being read.
    if (found?.busy) return connection.prepare(query);
    known.delete(query);
    const statement = found ?? connection.prepare(query);
    // Whoever asked before may have wished for rows as lists.
    if (found?.reader) found.raw(false);
    known.set(query, statement);
    if (known.size > KEPT) known.delete(known.keys().next().value!);
    return statement;
  };
  const needed: Pick<Sqlite.Database, 'transaction'> & { prepare: typeof prepare } = {
    prepare,
    transaction: (work) => connection.transaction(work),
  };
  return needed as unknown as Sqlite.Database;
}
