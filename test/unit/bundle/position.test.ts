import { expect, it } from 'vitest';
import { positionOf } from '../../../src/bundle/position.ts';
import type { JournalEntry } from '../../../src/contract/elsewhere/journal.ts';

const begin: JournalEntry = { type: 'begin', at: '', host: 'lab1', resumeStep: -1, startsFrom: null };
const checkpoint = (kind: 'best' | 'last', step: number, score: number | null = null): JournalEntry => ({
  type: 'said',
  seconds: step,
  message: {
    type: 'checkpoint',
    checkpoint: {
      kind,
      step,
      epoch: 0,
      score,
      bytes: 1,
      file: `a-${kind}-${step}`,
      sha256: `${kind}${step}`,
    },
  },
});
const end = (ending: 'done' | 'died'): JournalEntry => ({ type: 'end', at: '', seconds: 99, ending });
const files = (entries: JournalEntry[]) => positionOf('pretext', entries).live.map(({ file }) => file);

it('keeps the best, the last and the one before the last; of a finished job the last alone', () => {
  const entries = [
    begin,
    checkpoint('last', 1),
    checkpoint('best', 2, 0.5),
    checkpoint('last', 2),
    checkpoint('last', 3),
  ];
  expect(files(entries)).toEqual(['a-best-2', 'a-last-2', 'a-last-3']);
  expect(files([...entries, end('done')])).toEqual(['a-best-2', 'a-last-3']);
  expect(files([...entries, end('died')])).toEqual(['a-best-2', 'a-last-2', 'a-last-3']);
});

it('goes on from the latest checkpoint that is a position, and past one that was lost', () => {
  const entries = [begin, checkpoint('last', 1), checkpoint('last', 2), checkpoint('best', 3, 0.5)];
  expect(positionOf('pretext', entries).resume?.file).toBe('a-best-3');
  expect(positionOf('finetune', entries).resume?.file).toBe('a-last-2');
  const lost: JournalEntry = { type: 'lost', sha256: 'last2' };
  expect(positionOf('finetune', [...entries, lost]).resume?.file).toBe('a-last-1');
});

it('counts attempts, seconds and the best score', () => {
  const position = positionOf('finetune', [begin, checkpoint('best', 3, 0.5), end('died'), begin]);
  expect(position).toMatchObject({
    attempts: 2,
    seconds: 99,
    bestScore: 0.5,
    isDone: false,
    finishedSeeds: [],
  });
  expect(positionOf('pretext', [])).toMatchObject({ attempts: 0, seconds: 0, resume: null, live: [] });
});
