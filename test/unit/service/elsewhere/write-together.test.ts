import { expect, it } from 'vitest';
import { getRun, listRunsOf, updateRun, type AwayRun } from '../../../../src/project/index.ts';
import { createWriting } from '../../../../src/service/elsewhere/write-together.ts';
import { waitingStudy } from '../../../fixtures/waiting-studies.ts';
import { workplaceOf } from '../../../fixtures/workplaces.ts';

function writingOf() {
  const { project, study } = waitingStudy();
  const runs = listRunsOf(project, study.id).map(({ run }) => run.id);
  const refused: string[] = [];
  const written: string[] = [];
  const writing = createWriting(workplaceOf(project), ({ runId }) => refused.push(runId));
  const newsOf = (runId: string, fails = false) => ({
    one: { runId } as AwayRun,
    ended: true,
    write() {
      updateRun(project, runId, { seconds: 7 });
      if (fails) throw new Error('not this one');
      return [];
    },
    written: () => void written.push(runId),
  });
  return { project, runs, refused, written, writing, newsOf };
}

it('writes what waits when it is told to, and then says what has ended', () => {
  const { project, runs, written, writing, newsOf } = writingOf();
  const [first, second] = runs as [string, string];
  writing.add(newsOf(first));
  expect([writing.waits(first), writing.waits(second)]).toEqual([true, false]);
  expect(getRun(project, first).run.seconds).toBe(0);
  writing.settle();
  expect(getRun(project, first).run.seconds).toBe(7);
  expect([writing.waits(first), writing.ended, written]).toEqual([false, [first], [first]]);
});

it('leaves nothing of a job that cannot be written, and all of the others', () => {
  const { project, runs, refused, written, writing, newsOf } = writingOf();
  const [first, second, third] = runs as [string, string, string];
  for (const news of [newsOf(first), newsOf(second, true), newsOf(third)]) writing.add(news);
  writing.settle();
  expect(runs.slice(0, 3).map((id) => getRun(project, id).run.seconds)).toEqual([7, 0, 7]);
  expect([refused, written, writing.ended]).toEqual([[second], [first, third], [first, third]]);
});

it('writes nothing of any where the disk ends the transaction, and says so of each', () => {
  const { project, runs, refused, written, writing, newsOf } = writingOf();
  const [first, second, third] = runs as [string, string, string];
  writing.add(newsOf(first));
  writing.add({
    ...newsOf(second),
    write() {
      // As SQLite does by itself where the disk fails.
      project.connection.exec('ROLLBACK');
      throw new Error('disk I/O error');
    },
  });
  writing.add(newsOf(third));
  writing.settle();
  expect(runs.slice(0, 3).map((id) => getRun(project, id).run.seconds)).toEqual([0, 0, 0]);
  expect([refused, written, writing.ended]).toEqual([[first, second, third], [], []]);
});

it('waits for no more than fifty', () => {
  const { runs, written, writing, newsOf } = writingOf();
  for (let at = 0; at < 50; at++) writing.add(newsOf(runs[0]!));
  expect(written).toHaveLength(50);
});
