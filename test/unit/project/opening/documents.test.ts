import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import { expect, it } from 'vitest';
import { DOCUMENTS, NOTES } from '../../../../src/project/opening/documents.ts';
import * as schema from '../../../../src/project/schema.ts';

/** What processes leave each other; a repair does not keep it. */
const PASSING = ['requests'];

it('names every column that the typed queries read as a document', () => {
  const read = (Object.values(schema) as SQLiteTable[]).flatMap((table) => {
    const { name, columns } = getTableConfig(table);
    const documents = columns.filter((column) => column.columnType === 'SQLiteCustomColumn');
    return PASSING.includes(name) ? [] : documents.map((column) => `${name}.${column.name}`);
  });
  expect(read).toContain('datasets.channel_units');
  expect(read.filter((column) => !DOCUMENTS.has(column))).toEqual([]);
});

it('calls notes only what may be null in its table', () => {
  const nullable = (Object.values(schema) as SQLiteTable[]).flatMap((table) => {
    const { name, columns } = getTableConfig(table);
    return columns.filter((column) => !column.notNull).map((column) => `${name}.${column.name}`);
  });
  expect([...NOTES].filter((column) => !nullable.includes(column) || !DOCUMENTS.has(column))).toEqual([]);
});
