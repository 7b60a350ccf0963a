import { expect, it } from 'vitest';
import { PretextError } from '../../../src/contract/errors.ts';
import { getRequest, insertRequest, listOpenRequests, type NewRequest } from '../../../src/project/index.ts';
import { answerRequests, carryOut } from '../../../src/service/requests.ts';
import type { Queue } from '../../../src/service/runs/queue.ts';
import { addRun, addStudy, temporaryProject } from '../../fixtures/projects.ts';
import { workplaceOf } from '../../fixtures/workplaces.ts';

/** A queue that notes what it is asked; what it is told to refuse, it refuses. */
function noting(refuses?: PretextError | Error) {
  const asked: unknown[] = [];
  const note = (name: string) => (id?: string) => {
    if (refuses) throw refuses;
    asked.push([name, id]);
  };
  const names = ['pause', 'resume', 'pauseAll', 'resumeAll', 'cancel', 'cancelStudy'];
  const queue = Object.fromEntries(names.map((name) => [name, note(name)])) as unknown as Queue;
  return { asked, queue };
}

it.each<[NewRequest, unknown[]]>([
  [{ action: 'pause', runId: 'r' }, ['pause', 'r']],
  [{ action: 'resume', runId: 'r' }, ['resume', 'r']],
  [{ action: 'cancel', runId: 'r' }, ['cancel', 'r']],
  [{ action: 'pause', studyId: 's' }, ['pauseAll', 's']],
  [{ action: 'resume', studyId: 's' }, ['resumeAll', 's']],
  [{ action: 'cancel', studyId: 's' }, ['cancelStudy', 's']],
  [{ action: 'pause' }, ['pauseAll', undefined]],
])('the owner carries out %j', async (request, expected) => {
  const { asked, queue } = noting();
  await carryOut(queue, request);
  expect(asked).toEqual([expected]);
});

it('to cancel nothing in particular is a bug', async () => {
  await expect(carryOut(noting().queue, { action: 'cancel' })).rejects.toThrow(
    'names neither a run nor a study',
  );
});

function asking() {
  const project = temporaryProject();
  const run = addRun(project, addStudy(project));
  return {
    project,
    run,
    workplace: workplaceOf(project),
    id: insertRequest(project, { action: 'pause', runId: run.id }),
  };
}

it('what other services left is carried out once, in turn', async () => {
  const { project, run, workplace, id } = asking();
  const { asked, queue } = noting();
  await answerRequests(workplace, queue);
  await answerRequests(workplace, queue);
  expect(asked).toEqual([['pause', run.id]]);
  expect(getRequest(project, id)).toMatchObject({ failure: null, handledAt: expect.any(String) });
  expect(listOpenRequests(project)).toEqual([]);
});

it('whoever asked is told why it could not be done', async () => {
  const { project, workplace, id } = asking();
  const refusal = new PretextError({ code: 'run.not-so', message: 'It is done already.' });
  await answerRequests(workplace, noting(refusal).queue);
  expect(getRequest(project, id)!.failure).toMatchObject({
    code: 'run.not-so',
    message: 'It is done already.',
  });
});
