/** Tables of SQLite databases. */
import { textField } from '../../contract/fields.ts';
import { tableSchema } from '../tables/options.ts';
import { looksLikeSqlite, openSqliteFile } from '../tables/stored/sqlite.ts';
import { storedTableReader } from './stored-table-reader.ts';

export const sqliteTable = storedTableReader({
  id: 'sqlite-table',
  title: 'Tables of SQLite databases',
  summary: 'A table, a view or a query of an SQLite database, which is only read; a row a sample.',
  extensions: ['sqlite', 'sqlite3', 'db', 'db3'],
  options: tableSchema.extend({
    table: textField({
      title: 'Table',
      help: 'Name of the table or view to read. Default: the only one; asked where there are several.',
      optional: true,
    }),
    query: textField({
      title: 'Query',
      help: 'A SELECT whose rows are read in place of a table; an ORDER BY makes their order sure.',
      optional: true,
    }),
  }),
  looksLike: looksLikeSqlite,
  isUnmistakable: true,
  open: (file, { table, query }) => openSqliteFile(file, { table, query }),
});
