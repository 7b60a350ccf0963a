import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { columnsIn, isDamage, readRows } from '../../../../src/project/opening/damaged-rows.ts';

describe('readRows', () => {
  const connection = new Sqlite(':memory:');
  connection.exec(`
    CREATE TABLE numbered (name TEXT PRIMARY KEY);
    CREATE TABLE keyed (number INTEGER, name TEXT, PRIMARY KEY (name, number)) WITHOUT ROWID;
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
      INSERT INTO keyed SELECT i, 'a' || (i % 2) FROM n;
    INSERT INTO numbered VALUES ('z'), ('a');
  `);

  it('gives all rows, by their number or by the key that the table has', () => {
    expect([...readRows(connection, 'numbered')]).toEqual([
      { name: 'z', rowid: 1 },
      { name: 'a', rowid: 2 },
    ]);
    const rows = [...readRows(connection, 'keyed')];
    expect(rows).toHaveLength(1200);
    expect([rows[0], rows.at(-1)]).toEqual([
      { number: 2, name: 'a0' },
      { number: 1199, name: 'a1' },
    ]);
  });

  it('gives none of a table that is not there', () => {
    expect([...readRows(connection, 'other')]).toEqual([]);
    expect(columnsIn(connection, 'other')).toEqual([]);
    expect(columnsIn(connection, 'keyed')).toEqual(['number', 'name']);
  });

  it('takes no mistake in a query for damage', () => {
    const failing = () => connection.prepare('SELECT rowid FROM keyed');
    expect(failing).toThrow(/no such column/);
    try {
      failing();
    } catch (error) {
      expect(isDamage(error)).toBe(false);
    }
    expect(isDamage(Object.assign(new Error('malformed'), { code: 'SQLITE_CORRUPT' }))).toBe(true);
  });
});
