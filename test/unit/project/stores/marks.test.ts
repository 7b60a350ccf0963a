import { describe, expect, it, vi } from 'vitest';
import {
  hideStudy,
  inTransaction,
  listStudies,
  listStudiesWith,
  nextReadyRun,
  runMarks,
  studyMarks,
  updateRun,
} from '../../../../src/project/index.ts';
import { addRun, addStudy, temporaryProject } from '../../../fixtures/projects.ts';

const changed = (before: Map<string, string>, now: Map<string, string>) =>
  [...now].filter(([id, mark]) => before.get(id) !== mark).map(([id]) => id);

describe('marks', () => {
  it('tell which runs and studies have changed, and only those', () => {
    const project = temporaryProject();
    const study = addStudy(project);
    const other = addStudy(project);
    const runs = [study, study, other].map((id) => addRun(project, id).id);
    let before = runMarks(project);
    expect([...before.keys()]).toEqual(runs);
    expect(changed(before, runMarks(project))).toEqual([]);
    const changes = [
      { status: 'running' as const },
      { seconds: 3 },
      { failure: { code: 'disk.full', message: 'The disk is full.' } },
      { environment: { threads: 2 } },
      { reused: [{ runId: 'x', name: 'x', seeds: [1] }] },
    ];
    for (const change of changes) {
      updateRun(project, runs[1]!, change);
      expect(changed(before, runMarks(project))).toEqual([runs[1]]);
      before = runMarks(project);
    }
    const studies = studyMarks(project);
    addRun(project, other);
    expect(changed(studies, studyMarks(project))).toEqual([other]);
    hideStudy(project, study);
    expect([...runMarks(project).keys()]).not.toContain(runs[0]);
    expect([...studyMarks(project).keys()]).toEqual([other]);
  });
});

describe('many runs', () => {
  it('are looked through for the next, and for their marks, without taking any apart', () => {
    const project = temporaryProject();
    const study = addStudy(project);
    const first = addRun(project, study);
    inTransaction(project, () => {
      for (let i = 0; i < 200; i++) addRun(project, study, { title: 'more', needs: [first.id] });
    });
    updateRun(project, first.id, { status: 'paused' });
    const parse = vi.spyOn(JSON, 'parse');
    expect(nextReadyRun(project)).toBeNull();
    expect(runMarks(project).size).toBe(201);
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
    updateRun(project, first.id, { status: 'done' });
    expect(nextReadyRun(project)?.run.name).toBe('more-1');
  });

  it('are read at once for all studies that are listed', () => {
    const project = temporaryProject();
    const studies = [addStudy(project), addStudy(project)];
    const runs = [0, 1, 0].map((which) => addRun(project, studies[which]!).id);
    const prepared = vi.spyOn(project.connection, 'prepare');
    const found = new Map(listStudies(project).map(({ id, runIds }) => [id, runIds]));
    expect(studies.map((id) => found.get(id))).toEqual([[runs[0], runs[2]], [runs[1]]]);
    expect(prepared).toHaveBeenCalledTimes(2);
    const running = listStudiesWith(project, ['running']).find(({ study }) => study.id === studies[1]);
    expect(running?.study.runIds).toEqual([runs[1]]);
  });
});
