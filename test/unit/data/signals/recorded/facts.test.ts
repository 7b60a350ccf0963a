import { expect, it } from 'vitest';
import { FileProblem } from '../../../../../src/data/problem.ts';
import { factsOf, reasonOf } from '../../../../../src/data/signals/recorded/facts.ts';
import { recordingOf } from './made.ts';

const files = ['a', 'broken', 'gone', 'b'].map((path) => ({ path, absolute: `/${path}` }));

it('opens and closes each file, and lists those that cannot be read', async () => {
  const opened: ReturnType<typeof recordingOf>[] = [];
  const open = (path: string) => {
    if (path === '/broken') return Promise.reject(new FileProblem('broken', 'It is cut off.'));
    if (path === '/gone') return Promise.reject(Object.assign(new Error('x'), { code: 'ENOENT' }));
    const recording = recordingOf([{ names: [path] }], { subject: 'S1' });
    opened.push(recording);
    return Promise.resolve(recording);
  };
  const { facts, unreadable } = await factsOf(files, open);
  expect(facts.map(({ path, subject, tracks }) => [path, subject, tracks[0]!.channels[0]!.name])).toEqual([
    ['a', 'S1', '/a'],
    ['b', 'S1', '/b'],
  ]);
  expect(opened.map(({ closed }) => closed)).toEqual([1, 1]);
  // Values are not kept, nor how to read them.
  expect(facts[0]!.tracks[0]).not.toHaveProperty('read');
  expect(unreadable).toEqual([
    { path: 'broken', reason: 'broken', message: 'It is cut off.' },
    {
      path: 'gone',
      reason: 'missing',
      message: 'The file is not there: it is a broken link or was removed meanwhile.',
    },
  ]);
});

it('throws what is no fault of the file', async () => {
  const bug = new TypeError('a fault of ours');
  expect(() => reasonOf(bug, 'a')).toThrow(bug);
  await expect(factsOf(files, () => Promise.reject(bug))).rejects.toBe(bug);
});
