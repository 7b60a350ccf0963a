import { describe, expect, it } from 'vitest';
import {
  deleteDataset,
  deleteMetricsAfter,
  forgetCheckpoint,
  dropFindingsAfter,
  dropSuperseded,
  findDataset,
  finishedSeeds,
  getRun,
  getStudy,
  getStudyAlone,
  hideDataset,
  hideStudy,
  inTransaction,
  insertIssues,
  insertMetrics,
  listCheckpoints,
  listDatasets,
  listResumePoints,
  listRuns,
  listStudies,
  nextReadyRun,
  readIssuePage,
  readMetrics,
  readProbes,
  registerCheckpoint,
  renameDataset,
  saveFinding,
  saveProbe,
  saveResult,
  setStudyStatus,
  showDataset,
  updateRun,
} from '../../../src/project/index.ts';
import type { Finding } from '../../../src/contract/entities.ts';
import type { ResultRow } from '../../../src/contract/results/result.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../fixtures/projects.ts';

const failsWith = (code: string) =>
  expect.objectContaining({ failure: expect.objectContaining({ code }) as unknown }) as unknown;

describe('datasets', () => {
  it('have one name each, unless one waits to be deleted', () => {
    const project = temporaryProject();
    const first = addDataset(project, 'small', [sample(0)]);
    expect(() => addDataset(project, 'small', [sample(0)])).toThrow(failsWith('dataset.exists'));
    hideDataset(project, first.id);
    expect(findDataset(project, 'small')).toBeNull();
    const second = addDataset(project, 'small', [sample(0), sample(1)]);
    expect(() => showDataset(project, first.id)).toThrow(failsWith('dataset.exists'));
    renameDataset(project, second.id, 'large');
    showDataset(project, first.id);
    expect(
      listDatasets(project)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['large', 'small']);
  });

  it('take their samples and issues with them, and cannot be brought back meanwhile', async () => {
    const project = temporaryProject();
    const { id, key } = addDataset(project, 'small', [sample(0), sample(1)]);
    insertIssues(project, key, 0, [
      { file: 'a.png', reason: 'broken', message: 'It is cut off.', severity: 'left-out' },
    ]);
    expect(readIssuePage(project, key, { offset: 0, limit: 10 }).total).toBe(1);
    const deletion = deleteDataset(project, id);
    expect(() => showDataset(project, id)).toThrow(failsWith('dataset.missing'));
    await deletion;
    expect(project.prepare('SELECT count(*) FROM samples').pluck().get()).toBe(0);
    expect(readIssuePage(project, key, { offset: 0, limit: 10 })).toEqual({ total: 0, issues: [] });
  });
});

describe('runs', () => {
  it('are named by what they do, and found by id and by name', () => {
    const project = temporaryProject();
    const study = addStudy(project);
    const names = ['simclr', 'simclr', 'baseline'].map((title) => addRun(project, study, { title }).name);
    expect(names).toEqual(['simclr-1', 'simclr-2', 'baseline-1']);
    expect(getRun(project, 'simclr-2').run.id).toBe(listRuns(project)[1]?.id);
    expect(() => getRun(project, 'simclr-9')).toThrow(failsWith('run.missing'));
  });

  it('are listed though the settings of one cannot be read, which is said to whoever asks for them', () => {
    const project = temporaryProject();
    const { id } = addRun(project, addStudy(project));
    expect(getRun(project, id).config.data.pretrain).toEqual(['small']);
    project.prepare(`UPDATE runs SET config = json_remove(config, '$.pretext.task')`).run();
    expect(getRun(project, id).config).toMatchObject({ pretext: { task: 'simclr' } });
    project.prepare(`UPDATE runs SET config = json_set(config, '$.pretext.epochs', 'many')`).run();
    expect(listRuns(project).map(({ name }) => name)).toEqual(['simclr-1']);
    expect(() => getRun(project, id).config).toThrow(failsWith('run.unreadable'));
    expect(() => getRun(project, id).config).toThrow(/simclr-1.*pretext\.epochs/);
  });

  it('are ready in their order, once what they need is done and their study goes on', () => {
    const project = temporaryProject();
    const study = addStudy(project);
    const pretext = addRun(project, study);
    const finetune = addRun(project, study, { title: 'pretrained', needs: [pretext.id] });
    const baseline = addRun(project, study, { title: 'baseline' });
    expect(nextReadyRun(project)?.run.id).toBe(pretext.id);
    updateRun(project, pretext.id, { status: 'running' });
    expect(nextReadyRun(project)?.run.id).toBe(baseline.id);
    updateRun(project, pretext.id, { status: 'done' });
    expect(nextReadyRun(project)?.run.id).toBe(finetune.id);
    setStudyStatus(project, study, 'importing');
    expect(nextReadyRun(project)).toBeNull();
    setStudyStatus(project, study, 'running');
    hideStudy(project, study);
    expect(nextReadyRun(project)).toBeNull();
    expect(listStudies(project)).toEqual([]);
  });

  it('are added with their study or not at all', () => {
    const project = temporaryProject();
    const add = () =>
      inTransaction(project, () => {
        addRun(project, addStudy(project));
        throw new Error('no');
      });
    expect(add).toThrow('no');
    expect(listRuns(project)).toEqual([]);
    expect(listStudies(project)).toEqual([]);
  });
});

describe('findings', () => {
  const finding = (step: number, values: Partial<Finding> = {}): Finding => ({
    kind: 'complete-collapse',
    step,
    epoch: step / 10,
    message: 'All alike.',
    advice: 'Start again.',
    overAtStep: null,
    ...values,
  });

  it('are kept with their run in their order, each once, also when it is over', () => {
    const project = temporaryProject();
    const { id, findings } = addRun(project, addStudy(project));
    expect(findings).toEqual([]);
    saveFinding(project, id, finding(10));
    saveFinding(project, id, finding(20, { kind: 'divergence' }));
    saveFinding(project, id, finding(10, { overAtStep: 30 }));
    expect(getRun(project, id).run.findings).toEqual([
      finding(10, { overAtStep: 30 }),
      finding(20, { kind: 'divergence' }),
    ]);
  });

  it('after the step that a run continues from are forgotten, and what ended after it has not ended', () => {
    const project = temporaryProject();
    const { id } = addRun(project, addStudy(project));
    for (const one of [finding(10, { overAtStep: 30 }), finding(40)]) saveFinding(project, id, one);
    expect(dropFindingsAfter(project, id, 20).findings).toEqual([finding(10)]);
  });
});

describe('metrics', () => {
  it('of one step are put together, and those after a step can be dropped', () => {
    const project = temporaryProject();
    const { id } = addRun(project, addStudy(project));
    insertMetrics(
      project,
      id,
      [1, 2, 3].map((step) => ({ step, epoch: step / 3, values: { loss: 1 / step } })),
    );
    insertMetrics(project, id, [{ step: 3, epoch: 1, values: { knnAccuracy: 0.5 } }]);
    expect(readMetrics(project, id)[2]?.values).toEqual({ loss: 1 / 3, knnAccuracy: 0.5 });
    deleteMetricsAfter(project, id, 1);
    expect(readMetrics(project, id).map(({ step }) => step)).toEqual([1]);
  });

  it('keep what the latest probe of each kind said on resamples', () => {
    const project = temporaryProject();
    const { id } = addRun(project, addStudy(project));
    expect(readProbes(project, id)).toEqual({});
    saveProbe(project, id, { probe: 'linear', scores: [0.1, 0.2] });
    saveProbe(project, id, { probe: 'knn', scores: [0.3] });
    saveProbe(project, id, { probe: 'linear', scores: [0.4, 0.5] });
    expect(readProbes(project, id)).toEqual({ linear: [0.4, 0.5], knn: [0.3] });
  });
});

describe('checkpoints', () => {
  const note = (step: number, kind: 'last' | 'best' = 'last') => ({
    kind,
    step,
    epoch: step / 10,
    file: `${kind}-${step}`,
    bytes: 1,
    sha256: 'x',
    score: null,
  });

  it('keep the best, the last and the one before; older files are superfluous', () => {
    const project = temporaryProject();
    const { id } = addRun(project, addStudy(project));
    const superfluous = [note(5), note(7, 'best'), note(10), note(12, 'best'), note(15)].map(
      (one) => registerCheckpoint(project, id, one).superfluous,
    );
    expect(superfluous).toEqual([[], [], [], ['best-7'], ['last-5']]);
    expect(
      listCheckpoints(project, id)
        .map(({ file }) => file)
        .toSorted(),
    ).toEqual(['best-12', 'last-15']);
    expect(listResumePoints(project, id).map(({ file }) => file)).toEqual(['last-15', 'best-12', 'last-10']);
    forgetCheckpoint(project, listResumePoints(project, id)[0]!.id);
    expect(listResumePoints(project, id)[0]?.file).toBe('best-12');
  });

  it('of a fine-tuning run are positions only where they are the last, never where they are the best model', () => {
    const project = temporaryProject();
    const { id } = addRun(project, addStudy(project), { kind: 'finetune' });
    registerCheckpoint(project, id, note(20, 'best'));
    expect(listResumePoints(project, id)).toEqual([]);
    registerCheckpoint(project, id, note(5));
    registerCheckpoint(project, id, note(40, 'best'));
    expect(listResumePoints(project, id).map(({ file }) => file)).toEqual(['last-5']);
  });

  it('of a run that is done need no fallback', () => {
    const project = temporaryProject();
    const { id } = addRun(project, addStudy(project));
    for (const step of [5, 10]) registerCheckpoint(project, id, note(step));
    expect(dropSuperseded(project, id)).toEqual(['last-5']);
    expect(listResumePoints(project, id).map(({ file }) => file)).toEqual(['last-10']);
  });

  it('written twice under one name lose no file that is still in use', () => {
    const project = temporaryProject();
    const { id } = addRun(project, addStudy(project));
    for (const step of [5, 5, 5]) expect(registerCheckpoint(project, id, note(step)).superfluous).toEqual([]);
  });
});

describe('results', () => {
  it('are kept once a seed, the latest one', () => {
    const project = temporaryProject();
    const { id } = addRun(project, addStudy(project));
    const row: ResultRow = {
      arm: 'baseline',
      dataset: 'small',
      labels: 10,
      labelsPerClass: 5,
      seed: 2,
      metric: 'accuracy',
      test: 0.5,
      validation: 0.5,
      train: 0.5,
    };
    for (const test of [0.5, 0.6]) saveResult(project, id, { ...row, test });
    saveResult(project, id, { ...row, seed: 1 });
    expect(finishedSeeds(project, id)).toEqual([1, 2]);
  });
});

describe('a study', () => {
  it('is read with its runs or, where these may be very many, without them', () => {
    const project = temporaryProject();
    const id = addStudy(project);
    const run = addRun(project, id);
    const { study } = getStudy(project, id);
    expect(study.runIds).toEqual([run.id]);
    const { runIds: _runIds, ...alone } = study;
    expect(getStudyAlone(project, id)).toEqual(alone);
    expect(() => getStudyAlone(project, 'gone')).toThrow(failsWith('study.missing'));
  });
});
