import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { followJournal, openJournal, readJournal } from '../../../src/bundle/journal.ts';
import type { JournalEntry } from '../../../src/contract/elsewhere/journal.ts';
import { temporaryFolder } from '../../fixtures/projects.ts';

const begin: JournalEntry = { type: 'begin', at: 'now', host: 'lab1', resumeStep: -1, startsFrom: null };
const point: JournalEntry = {
  type: 'said',
  seconds: 1.5,
  message: { type: 'metrics', point: { step: 3, epoch: 0.5, values: { loss: 0.25 } } },
};

it('gives back what was added, and nothing where nobody has begun', () => {
  const file = join(temporaryFolder(), 'journal.jsonl');
  expect(readJournal(file)).toEqual([]);
  const journal = openJournal(file);
  journal.add(begin);
  journal.add(point);
  journal.close();
  expect(readJournal(file)).toEqual([begin, point]);
});

it('leaves a line that is being written for the next time, and cuts it off before it goes on', () => {
  const file = join(temporaryFolder(), 'journal.jsonl');
  const first = openJournal(file);
  first.add(begin);
  first.close();
  appendFileSync(file, '{"type":"said","seco');
  expect(readJournal(file)).toEqual([begin]);
  const second = openJournal(file);
  second.add(point);
  second.close();
  expect(readJournal(file)).toEqual([begin, point]);
  expect(readFileSync(file, 'utf8')).not.toContain('"seco{');
});

it('names the line that nobody can have written', () => {
  const file = join(temporaryFolder(), 'journal.jsonl');
  const journal = openJournal(file);
  journal.add(begin);
  journal.close();
  appendFileSync(file, '{"type":"said","seconds":"many"}\n');
  expect(() => readJournal(file)).toThrow(
    expect.objectContaining({ failure: expect.objectContaining({ place: `${file}, line 2` }) }),
  );
});

it('is read as it grows, each line once, and from its beginning when it is another one', () => {
  const file = join(temporaryFolder(), 'journal.jsonl');
  const follower = followJournal(file);
  expect(follower.read()).toEqual([]);
  const journal = openJournal(file);
  journal.add(begin);
  expect(follower.read()).toEqual([begin]);
  expect(follower.read()).toEqual([]);
  journal.add(point);
  journal.add(point);
  appendFileSync(file, '{"type":"sa');
  expect(follower.read()).toEqual([point, point]);
  expect(follower.lines).toBe(3);
  expect(follower.milestones).toEqual([begin]);
  journal.close();

  rmSync(file);
  const other = openJournal(file);
  other.add({ ...begin, host: 'lab2' });
  other.close();
  expect(follower.read()).toEqual([{ ...begin, host: 'lab2' }]);
  expect([follower.lines, follower.milestones.length]).toEqual([1, 1]);
});
