/** Two connections to one project: what one changes, the watcher of the other tells, and only that. */
import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  deleteStudy,
  hideDataset,
  hideStudy,
  insertMetrics,
  inTransaction,
  openProject,
  renameProject,
  showDataset,
  showStudy,
  updateRun,
  type WritableProject,
} from '../../../../src/project/index.ts';
import type { ProjectEvent } from '../../../../src/contract/messages/project-events.ts';
import { createEvents } from '../../../../src/service/workplace/events.ts';
import { createGuard } from '../../../../src/service/workplace/guard.ts';
import { watchProject, type Watcher } from '../../../../src/service/surroundings/watcher.ts';
import type { Workplace } from '../../../../src/service/workplace/workplace.ts';
import {
  addDataset,
  addRun,
  addStudy,
  sample,
  temporaryProject,
  willClose,
} from '../../../fixtures/projects.ts';

let watcher: Watcher | null = null;
afterEach(() => watcher?.close());

function watching(prepare: (project: WritableProject) => void = () => {}) {
  const other = temporaryProject();
  prepare(other);
  const project = willClose(openProject(other.folder));
  const events = createEvents();
  const told: ProjectEvent[] = [];
  vi.spyOn(events, 'publish').mockImplementation((event) => void told.push(event));
  const log = pino({ level: 'silent' });
  const workplace = {
    project,
    events,
    log,
    guard: createGuard(project, events, log),
  } as unknown as Workplace;
  const own = watchProject(
    workplace,
    () => false,
    () => {},
  );
  watcher = own;
  const look = () => {
    own.look();
    return told.splice(0);
  };
  return { other, project, look };
}

describe('what another process changes', () => {
  it('is told with the points of curves, a study last', () => {
    let studyId = '';
    let runId = '';
    const { other, look } = watching((project) => {
      studyId = addStudy(project);
      runId = addRun(project, studyId).id;
    });
    expect(look()).toEqual([]);
    inTransaction(other, () => {
      other.connection.prepare("UPDATE studies SET status = 'done'").run();
      updateRun(other, runId, { status: 'running' });
      insertMetrics(other, runId, [{ step: 1, epoch: 1, values: { loss: 2 } }]);
    });
    expect(look().map((event) => event.type)).toEqual(['run', 'metrics', 'study']);
    insertMetrics(other, runId, [{ step: 2, epoch: 1, values: { loss: 1 } }]);
    expect(look()).toMatchObject([{ type: 'metrics', point: { step: 2 } }]);
    renameProject(other, 'B');
    expect(look()).toMatchObject([{ type: 'project', project: { name: 'B' } }]);
    expect(look()).toEqual([]);
  });

  it('is taken away and brought back with all that belongs to it', () => {
    const ids = { study: '', dataset: '', runs: [''] };
    const { other, look } = watching((project) => {
      ids.study = addStudy(project);
      ids.runs = [addRun(project, ids.study).id, addRun(project, ids.study).id];
      ids.dataset = addDataset(project, 'small', [sample(0)]).id;
    });
    const gone = ids.runs.map((runId) => ({ type: 'run-removed', runId }));
    hideDataset(other, ids.dataset);
    hideStudy(other, ids.study);
    expect(look()).toEqual([{ type: 'dataset-removed', datasetId: ids.dataset }, ...gone]);
    showDataset(other, ids.dataset);
    showStudy(other, ids.study);
    expect(look().map((event) => event.type)).toEqual(['dataset', 'run', 'run', 'study']);
    hideStudy(other, ids.study);
    deleteStudy(other, ids.study);
    expect(look()).toEqual(expect.arrayContaining(gone));
  });

  it('is read alone, however many runs there are, and what this process changed itself is not', () => {
    const runs: string[] = [];
    const { other, project, look } = watching((made) => {
      const study = addStudy(made);
      inTransaction(made, () => {
        for (let index = 0; index < 300; index++) runs.push(addRun(made, study).id);
      });
    });
    updateRun(project, runs[3]!, { seconds: 1 });
    expect(look()).toEqual([]);
    updateRun(other, runs[200]!, { seconds: 2 });
    const parse = vi.spyOn(JSON, 'parse');
    const found = look();
    const taken = parse.mock.calls.length;
    parse.mockRestore();
    expect(found).toMatchObject([{ type: 'run', run: { id: runs[200], seconds: 2 } }]);
    // The columns of one run, and no other.
    expect(taken).toBeLessThan(20);
  });
});
