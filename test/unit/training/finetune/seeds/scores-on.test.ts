import { expect, it } from 'vitest';
import { answersOn, scoresOn } from '../../../../../src/training/finetune/seeds/scores-on.ts';
import { stripesJob } from '../../../../fixtures/finetune-jobs.ts';
import { byteDataset, playedProgram } from '../../../../fixtures/played-programs.ts';

/** The first head is always right, the second says what the first would not. */
const program = playedProgram({
  row: (sample) => ({ answers: [1 - (sample % 2), sample % 2], 'answers-1': [sample % 2, 1 - (sample % 2)] }),
});
const indices = Int32Array.of(4, 7);

it('gives the answers of the head that is meant, and its scores', async () => {
  const job = stripesJob('/nowhere', await byteDataset(10), 'aaaaaaaaaa', { metric: 'accuracy' });
  expect([...(await answersOn({ job, program }, indices, null))]).toEqual([1, 0, 0, 1]);
  expect([...(await answersOn({ job, program }, indices, null, 1))]).toEqual([0, 1, 1, 0]);
  expect((await scoresOn({ job, program }, indices, null)).score).toBe(1);
  expect((await scoresOn({ job, program }, indices, null, 1)).score).toBe(0);
});

it('gives numbers in their own unit', async () => {
  const job = stripesJob('/nowhere', await byteDataset(10), 'aaaaaaaaaa', { target: 'number' });
  const numbers = playedProgram({ row: (sample) => ({ answers: [sample] }) });
  const scales = [{ mean: 100, deviation: 10 }];
  expect([...(await answersOn({ job, program: numbers }, indices, scales))]).toEqual([140, 170]);
});
