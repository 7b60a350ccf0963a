import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openJournal, readJournal } from '../../../src/bundle/journal.ts';
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
