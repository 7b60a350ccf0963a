/** A run of a study whose data are not there waits, whatever happens to it. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { IMPORT_HELD } from '../../../../src/contract/entities.ts';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import {
  getRun,
  getStudy,
  listRunsOf,
  nextReadyRun,
  setStudyStatus,
  timestamp,
  type WritableProject,
} from '../../../../src/project/index.ts';
import { heldImport } from '../../../../src/service/studies/data-there.ts';
import { startStudy } from '../../../../src/service/studies/start.ts';
import {
  cancelRun,
  change,
  endRun,
  interruptAll,
  pauseRun,
  pauseWaiting,
  resumePaused,
  resumeRun,
  resumeStudy,
} from '../../../../src/service/studies/transitions.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';

const asked = recipeSchema.parse({
  name: 'A',
  data: { import: { small: { path: process.cwd() } }, pretrain: ['small'] },
  pretext: { task: 'simclr', batchSize: 8, epochs: 1 },
  finetune: { budgets: [{ perClass: 5 }], arms: ['pretrained', 'baseline'] },
});
const BROKEN = { code: 'import.failed', message: 'The disk was pulled out.' };

const addSmall = (project: WritableProject) =>
  addDataset(
    project,
    'small',
    Array.from({ length: 130 }, (_, index) =>
      sample(index, { split: index % 5 === 4 ? 2 : index % 5 === 3 ? 1 : 0 }),
    ),
    { source: process.cwd() },
  );

function importing() {
  const project = temporaryProject();
  const { id } = startStudy(project, asked).study;
  const [pretext, ...others] = listRunsOf(project, id).map(({ run }) => run.id);
  const statuses = () => listRunsOf(project, id).map(({ run }) => run.status);
  return { project, id, pretext: pretext!, others, statuses, study: () => getStudy(project, id).study };
}

describe('a study that has not got its data', () => {
  const states = {
    'still imports': (project: WritableProject, id: string) => setStudyStatus(project, id, 'importing'),
    'waits for a word': (project: WritableProject, id: string) =>
      setStudyStatus(project, id, 'importing', heldImport(project, asked)),
    'could not import': (project: WritableProject, id: string) =>
      setStudyStatus(project, id, 'failed', BROKEN),
  };
  for (const [state, bring] of Object.entries(states))
    it(`and ${state} stays so, whatever is done to all or one of its runs`, () => {
      const { project, id, pretext, others, study, statuses } = importing();
      bring(project, id);
      const before = study();
      const expectUnchanged = () => {
        expect(nextReadyRun(project)).toBeNull();
        expect({ ...study(), finishedAt: null }).toEqual({ ...before, finishedAt: null });
      };
      pauseWaiting(project);
      expect(new Set(statuses())).toEqual(new Set(['paused']));
      expectUnchanged();
      resumePaused(project);
      expect(new Set(statuses())).toEqual(new Set(['queued']));
      expectUnchanged();
      pauseRun(project, pretext);
      expectUnchanged();
      interruptAll(project);
      expectUnchanged();
      cancelRun(project, others[1]!);
      expectUnchanged();
      resumeStudy(project, id);
      expectUnchanged();
    });

  it('tries to get them again when one of its runs is resumed, after it had failed', () => {
    const { project, id, pretext, study } = importing();
    setStudyStatus(project, id, 'failed', BROKEN);
    pauseRun(project, pretext);
    expect(resumeRun(project, pretext).studyIds).toEqual([id]);
    expect(study()).toMatchObject({ status: 'importing', failure: null });
    expect(nextReadyRun(project)).toBeNull();
  });

  it('says what it waits for when one of its runs is resumed before a person said to go on', () => {
    const { project, id, pretext } = importing();
    setStudyStatus(project, id, 'importing', heldImport(project, asked));
    pauseRun(project, pretext);
    expect(() => resumeRun(project, pretext)).toThrow(process.cwd());
    expect(getRun(project, pretext).run.status).toBe('paused');
  });

  it('is cancelled with the last of its runs', () => {
    const { project, pretext, others, study } = importing();
    for (const runId of [...others, pretext])
      if (getRun(project, runId).run.status !== 'cancelled') cancelRun(project, runId);
    expect(study().status).toBe('cancelled');
  });

  it('goes on with its settings proposed once it is started again and they are there', () => {
    const { project, id, study, pretext } = importing();
    setStudyStatus(project, id, 'failed', BROKEN);
    addSmall(project);
    pauseWaiting(project);
    expect(study().status).toBe('failed');
    expect(startStudy(project, asked).study).toMatchObject({ id, status: 'running', failure: null });
    expect(nextReadyRun(project)?.run.id).toBe(pretext);
    expect(study().recipe.pretext?.learningRate).toBeTypeOf('number');
  });
});

describe('a study of which a run failed', () => {
  it('goes on when a run that needed it is resumed', () => {
    const { project, pretext, others, study, statuses } = importing();
    addSmall(project);
    startStudy(project, asked);
    change(project, pretext, { status: 'running', startedAt: timestamp() });
    endRun(project, pretext, { status: 'failed', failure: BROKEN });
    for (const id of others.filter((one) => getRun(project, one).run.status === 'queued'))
      endRun(project, id, { status: 'done' });
    expect(study()).toMatchObject({ status: 'failed', failure: BROKEN });
    expect(statuses()).toEqual(['failed', 'failed', 'done']);
    expect(resumeRun(project, others[0]!).runIds.toSorted()).toEqual([pretext, others[0]!].toSorted());
    expect(study()).toMatchObject({ status: 'running', failure: null });
    expect(nextReadyRun(project)?.run.id).toBe(pretext);
  });
});

describe('a study whose data went away since', () => {
  it('waits for a word before it reads them again, where a run would have failed without them', () => {
    const { project, id, pretext, study } = importing();
    addSmall(project);
    startStudy(project, asked);
    change(project, pretext, { status: 'running', startedAt: timestamp() });
    endRun(project, pretext, { status: 'failed', failure: BROKEN });
    pauseWaiting(project);
    expect(study().status).not.toBe('importing');
    project.connection.prepare('UPDATE datasets SET removed_at = ?').run('now');
    resumeRun(project, pretext);
    expect(study()).toMatchObject({ id, status: 'importing', failure: { code: IMPORT_HELD } });
    expect(nextReadyRun(project)).toBeNull();
    startStudy(project, asked);
    expect(study()).toMatchObject({ status: 'importing', failure: null });
  });
});

describe('pausing and resuming all', () => {
  it('looks at a study once, however many of its runs change', () => {
    const { project } = importing();
    addSmall(project);
    startStudy(project, asked);
    const statements = Object.getPrototypeOf(project.connection.prepare('SELECT 1')) as { all(): unknown[] };
    const read = vi.spyOn(statements, 'all');
    onTestFinished(() => read.mockRestore());
    pauseWaiting(project);
    const queries = read.mock.contexts.map(
      (statement) => (statement as unknown as { source: string }).source,
    );
    const looks = queries.filter((sql) => /from "runs" where "runs"."study_id" =/.test(sql));
    // Before and after a tournament may have added runs.
    expect(looks).toHaveLength(2);
  });
});
