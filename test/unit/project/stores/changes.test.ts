import { describe, expect, it, vi } from 'vitest';
import {
  CHANGES_SQL,
  deleteStudy,
  getRun,
  hideStudy,
  inTransaction,
  insertRuns,
  latestRevision,
  listChangesAfter,
  listStudies,
  listStudiesWith,
  nextReadyRun,
  renameDataset,
  updateRun,
} from '../../../../src/project/index.ts';
import { planRuns } from '../../../../src/service/recipes/plan.ts';
import {
  addDataset,
  addRun,
  addStudy,
  recipe,
  sample,
  temporaryProject,
} from '../../../fixtures/projects.ts';

describe('changes', () => {
  it('are told once each, in the order of the latest, and never under a number that was told before', () => {
    const project = temporaryProject();
    const study = addStudy(project);
    const runs = [addRun(project, study).id, addRun(project, study).id];
    const dataset = addDataset(project, 'small', [sample(0)]);
    let seen = latestRevision(project);
    const next = () => {
      const changes = listChangesAfter(project, seen);
      const revisions = changes.map(({ revision }) => revision);
      expect(revisions.every((revision) => revision > seen)).toBe(true);
      seen = revisions.at(-1) ?? seen;
      return changes.map(({ kind, id }) => [kind, id]);
    };
    expect(next()).toEqual([]);
    updateRun(project, runs[1]!, { seconds: 1 });
    updateRun(project, runs[0]!, { status: 'running' });
    updateRun(project, runs[1]!, { seconds: 2 });
    expect(next()).toEqual([
      ['run', runs[0]],
      ['run', runs[1]],
    ]);
    renameDataset(project, dataset.id, 'other');
    hideStudy(project, study);
    expect(next()).toEqual([
      ['dataset', dataset.id],
      ['study', study],
    ]);
    // Its runs go with it.
    deleteStudy(project, study);
    expect(next().toSorted()).toEqual([...runs.map((id) => ['run', id]), ['study', study]].toSorted());
  });

  it('are found without looking through those that were told', () => {
    const project = temporaryProject();
    const plan = project.prepare(`EXPLAIN QUERY PLAN ${CHANGES_SQL}`).all(0) as { detail: string }[];
    expect(plan.map(({ detail }) => detail)).toEqual(['SEARCH changes USING INTEGER PRIMARY KEY (rowid>?)']);
  });
});

describe('many runs', () => {
  it('are looked through for the next without taking any apart', () => {
    const project = temporaryProject();
    const study = addStudy(project);
    const first = addRun(project, study);
    inTransaction(project, () => {
      for (let i = 0; i < 200; i++) addRun(project, study, { title: 'more', needs: [first.id] });
    });
    updateRun(project, first.id, { status: 'paused' });
    const parse = vi.spyOn(JSON, 'parse');
    expect(nextReadyRun(project)).toBeNull();
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
    updateRun(project, first.id, { status: 'done' });
    expect(nextReadyRun(project)?.run.name).toBe('more-1');
  });

  it('are numbered by their title, which is looked up once however many there are', () => {
    const project = temporaryProject();
    const study = addStudy(project);
    for (const title of ['linear-probe', 'linear', 'simclr']) addRun(project, study, { title });
    for (let number = 2; number < 12; number++) addRun(project, study, { title: 'simclr' });
    const one = { ...planRuns(recipe)[0]!, afterPretext: null };
    const prepared = vi.spyOn(project.connection, 'prepare');
    const ids = insertRuns(
      project,
      study,
      ['simclr', 'linear', 'simclr', 'new'].map((title) => ({ ...one, title })),
    );
    expect(prepared.mock.calls.filter(([sql]) => sql.includes('max(CAST'))).toHaveLength(3);
    expect(ids.map((id) => getRun(project, id).run.name)).toEqual([
      'simclr-12',
      'linear-2',
      'simclr-13',
      'new-1',
    ]);
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
