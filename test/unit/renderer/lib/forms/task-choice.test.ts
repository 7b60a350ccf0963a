import { expect, test } from 'vitest';
import type { Advice, TaskFamily } from '../../../../../src/contract/advice.ts';
import type { PretextTaskDescription } from '../../../../../src/contract/catalogue.ts';
import { taskOptions } from '../../../../../renderer/lib/forms/task-choice.ts';

const task = (id: string) =>
  ({ id, title: id.toUpperCase(), summary: `Does ${id}. And more of it.` }) as PretextTaskDescription;
const said = (id: string, family: TaskFamily | null, impossible: string | null = null) => ({
  task: id,
  title: id,
  family,
  impossible,
  points: 0,
  reasons: ['It suits.', 'Really.'],
  training: {},
  options: {},
});
const tasks = ['a', 'b', 'c', 'd', 'e'].map(task);
const advice: Advice = {
  sampleCount: 100,
  tasks: [
    said('c', 'predictive'),
    said('a', 'contrastive'),
    said('d', 'generative'),
    said('b', 'contrastive', 'too few'),
    said('e', 'predictive'),
  ],
  encoders: {},
  start: ['c', 'a'],
};

test('the advisor’s choice comes first, kinds follow, and what does not fit comes last with its reason', () => {
  expect(taskOptions(tasks, advice)).toEqual([
    { value: 'c', title: 'C', note: 'Does c. It suits.', group: 'The advisor’s choice' },
    { value: 'a', title: 'A', note: 'Does a. It suits.', group: 'The advisor’s choice' },
    { value: 'e', title: 'E', note: 'Does e.', group: 'Predictive' },
    { value: 'd', title: 'D', note: 'Does d.', group: 'Generative' },
    { value: 'b', title: 'B', note: 'Does b.', group: 'Does not fit', impossible: 'too few' },
  ]);
});

test('before the advisor has answered all tasks can be chosen', () => {
  expect(taskOptions(tasks, null).map(({ value, group }) => [value, group])).toEqual(
    tasks.map(({ id }) => [id, 'Others']),
  );
});
