import Sqlite from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { sql } from 'drizzle-orm';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { expect, it, onTestFinished } from 'vitest';
import { preparingOnce } from '../../../src/project/statements.ts';

function opened() {
  const connection = new Sqlite(':memory:');
  onTestFinished(() => {
    connection.close();
  });
  connection.exec(
    "CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT); INSERT INTO words (word) VALUES ('a'), ('b')",
  );
  return connection;
}
const words = sqliteTable('words', { id: integer('id').primaryKey(), word: text('word') });

it('prepares a query once, however often it is asked for', () => {
  const once = preparingOnce(opened());
  const first = once.prepare('SELECT word FROM words WHERE id = ?');
  expect(once.prepare('SELECT word FROM words WHERE id = ?')).toBe(first);
  expect(once.prepare('SELECT id FROM words')).not.toBe(first);
});

it('gives rows with names to who wants them, though another asked for lists before', () => {
  const once = preparingOnce(opened());
  expect(once.prepare('SELECT word FROM words').raw().all()).toEqual([['a'], ['b']]);
  expect(once.prepare('SELECT word FROM words').all()).toEqual([{ word: 'a' }, { word: 'b' }]);
});

it('reads the same query within itself', () => {
  const once = preparingOnce(opened());
  const pairs: unknown[] = [];
  for (const outer of once.prepare('SELECT id FROM words').iterate())
    for (const inner of once.prepare('SELECT id FROM words').iterate()) pairs.push([outer, inner]);
  expect(pairs).toHaveLength(4);
});

it('keeps those that were used last, and few', () => {
  const once = preparingOnce(opened());
  const [often, seldom] = ['SELECT 1', 'SELECT 2'].map((query) => once.prepare(query));
  for (let number = 10; number < 500; number += 1) {
    once.prepare(`SELECT ${number}`);
    expect(once.prepare('SELECT 1')).toBe(often);
  }
  expect(once.prepare('SELECT 2')).not.toBe(seldom);
});

it('is all that the query builder needs, in transactions that nest and fail too', () => {
  const database = drizzle(preparingOnce(opened()));
  const all = () => database.select().from(words).all();
  database.insert(words).values({ word: 'c' }).run();
  expect(all().map(({ word }) => word)).toEqual(['a', 'b', 'c']);
  expect(
    database
      .select({ id: words.id })
      .from(words)
      .where(sql`word = 'b'`)
      .get(),
  ).toEqual({ id: 2 });
  expect(() =>
    database.transaction((inner) => {
      inner.delete(words).run();
      inner.transaction(() => {
        throw new Error('no');
      });
    }),
  ).toThrow('no');
  expect(all()).toHaveLength(3);
});
