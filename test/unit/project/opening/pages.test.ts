/** Files are written by SQLite itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import {
  hasHeader,
  kindsOf,
  readPages,
  valuesOf,
  type Pages,
} from '../../../../src/project/opening/pages.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';

const opened: Database[] = [];
afterEach(() => {
  for (const database of opened.splice(0)) database.close();
});

function database(pageSize = 512): { own: Database; file: string } {
  const file = join(temporaryFolder(), 'a.db');
  const own = new Sqlite(file);
  opened.push(own);
  own.pragma(`page_size = ${pageSize}`);
  return { own, file };
}
const pagesOf = (file: string, log = false) =>
  readPages(readFileSync(file), log ? readFileSync(`${file}-wal`) : null);

/** All rows of a tree, from its root. */
function rows(pages: Pages, root: number, columns: number): unknown[][] {
  const page = pages.pages.get(root)!;
  const own = page.isLeaf || page.by === 'key' ? page.records.map((at) => valuesOf(pages, at, columns)) : [];
  return [...own, ...page.children.flatMap((child) => rows(pages, child, columns))];
}
const rootOf = (own: Database, name: string) =>
  own.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name) as number;

describe('records', () => {
  it('say the kinds of their values, and the texts and whole numbers among the first', () => {
    const { own, file } = database();
    own.exec('CREATE TABLE t (a, b, c, d, e, f, g)');
    own
      .prepare('INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run('grün', 0n, 1n, -300n, null, 1.5, Buffer.of(1));
    const pages = pagesOf(file);
    const [at] = pages.pages.get(rootOf(own, 't'))!.records;
    expect(kindsOf(pages, at!)).toEqual(['text', 'integer', 'integer', 'integer', 'null', 'real', 'blob']);
    expect(valuesOf(pages, at!, 5)).toEqual(['grün', 0, 1, -300, null]);
    expect(valuesOf(pages, at!, 7).slice(5)).toEqual([null, null]);
  });

  it('hold whole numbers of every length that fits', () => {
    const { own, file } = database();
    own.exec('CREATE TABLE t (a)');
    const numbers = [127, -128, 32_767, 8_388_607, -2_147_483_648, 140_737_488_355_327];
    for (const number of numbers) own.prepare('INSERT INTO t VALUES (?)').run(BigInt(number));
    expect(rows(pagesOf(file), rootOf(own, 't'), 1).flat()).toEqual(numbers);
  });
});

describe('trees of pages', () => {
  it('are walked from their root to every row, by row number and by key', () => {
    const { own, file } = database();
    own.exec(
      'CREATE TABLE t (name TEXT, n INTEGER); CREATE TABLE k (name TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID',
    );
    const names = Array.from({ length: 300 }, (_, at) => `name ${String(at).padStart(4, '0')}`);
    for (const [at, name] of names.entries()) {
      own.prepare('INSERT INTO t VALUES (?, ?)').run(name, at);
      own.prepare('INSERT INTO k VALUES (?, ?)').run(name, at);
    }
    const pages = pagesOf(file);
    const expected = names.map((name, at) => [name, at]);
    const byName = (a: unknown[], b: unknown[]) => String(a[0]).localeCompare(String(b[0]));
    for (const [table, by] of [
      ['t', 'rowid'],
      ['k', 'key'],
    ] as const) {
      const root = pages.pages.get(rootOf(own, table))!;
      expect([root.by, root.isLeaf]).toEqual([by, false]);
      expect(rows(pages, root.number, 2).toSorted(byName)).toEqual(expected);
    }
    expect(pages.size).toBe(512);
  });

  it('tell pages that hold nothing any more', () => {
    const { own, file } = database();
    own.exec('CREATE TABLE t (a)');
    for (let at = 0; at < 50; at++) own.prepare('INSERT INTO t VALUES (?)').run('x'.repeat(300));
    own.exec('DELETE FROM t');
    const count = own.pragma('freelist_count', { simple: true }) as number;
    expect(count).toBeGreaterThan(20);
    expect(pagesOf(file).free.size).toBe(count);
  });
});

describe('changes that stand in the log alone', () => {
  it('count once they are whole', () => {
    const { own, file } = database();
    own.pragma('journal_mode = WAL');
    own.pragma('wal_autocheckpoint = 0');
    own.exec('CREATE TABLE t (a)');
    own.prepare('INSERT INTO t VALUES (?)').run('kept');
    const root = rootOf(own, 't');
    expect(rows(pagesOf(file, true), root, 1)).toEqual([['kept']]);
    const whole = readFileSync(`${file}-wal`);
    own.prepare('INSERT INTO t VALUES (?)').run('broken off');
    const both = readFileSync(`${file}-wal`);
    expect(rows(readPages(readFileSync(file), both), root, 1)).toEqual([['kept'], ['broken off']]);
    // The last change was cut short, or its bytes are not what its checksum says.
    expect(rows(readPages(readFileSync(file), both.subarray(0, whole.length + 100)), root, 1)).toEqual([
      ['kept'],
    ]);
    both[both.length - 1]! ^= 1;
    expect(rows(readPages(readFileSync(file), both), root, 1)).toEqual([['kept']]);
  });

  it('are none of a log of another file', () => {
    const { own, file } = database();
    own.exec('CREATE TABLE t (a)');
    const bytes = readFileSync(file);
    for (const log of [Buffer.alloc(0), Buffer.alloc(1000)])
      expect(readPages(bytes, log).bytes).toEqual(bytes);
  });
});

describe('a file without a whole header', () => {
  it('is read by pages of 4096 bytes, and none of them is known to be free', () => {
    const { own, file } = database(4096);
    own.exec('CREATE TABLE t (a)');
    own.prepare('INSERT INTO t VALUES (?)').run('kept');
    const bytes = readFileSync(file);
    expect(hasHeader(bytes)).toBe(true);
    bytes.fill(0, 0, 100);
    expect(hasHeader(bytes)).toBe(false);
    const pages = readPages(bytes, null);
    expect([pages.size, pages.free.size]).toEqual([4096, 0]);
    expect(rows(pages, rootOf(own, 't'), 1)).toEqual([['kept']]);
  });

  it('of noise has no pages, and no record breaks the reading', () => {
    const noise = Buffer.from(Array.from({ length: 3 * 4096 }, (_, at) => (at * at * 31 + 7 * at) % 256));
    const pages = readPages(noise, null);
    for (const { records } of pages.pages.values())
      for (const at of records) {
        expect(() => valuesOf(pages, at, 5)).not.toThrow();
        expect(() => kindsOf(pages, at)).not.toThrow();
      }
    expect(readPages(Buffer.alloc(0), null).pages.size).toBe(0);
    expect([kindsOf(pages, noise.length), valuesOf(pages, noise.length, 2)]).toEqual([null, []]);
  });
});
