import { PassThrough } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { addMakeCommands } from '../../../../src/cli/commands/make-model.ts';
import type { Run } from '../../../../src/contract/entities.ts';
import {
  getRun,
  listRunsOf,
  openProject,
  saveResult,
  setStudyStatus,
  updateRun,
} from '../../../../src/project/index.ts';
import { startService } from '../../../../src/service/serve.ts';
import { commandLine } from '../../../fixtures/command-line.ts';
import {
  addDataset,
  addRun,
  addStudy,
  sample,
  temporaryProject,
  willClose,
} from '../../../fixtures/projects.ts';
import { finetuneConfig } from '../../../fixtures/run-configs.ts';
import { playedHost } from '../../../fixtures/workplaces.ts';

/** A study whose baseline is done with three seeds; another program runs its queue. */
function found() {
  const project = temporaryProject();
  addDataset(
    project,
    'small',
    Array.from({ length: 12 }, (_, at) => sample(at, { split: at % 3 })),
  );
  const study = addStudy(project);
  const run = addRun(project, study, {
    kind: 'finetune',
    title: 'baseline',
    task: null,
    arm: 'baseline',
    budget: 'all',
    config: finetuneConfig({ arm: 'baseline', budget: 'all' }),
  });
  updateRun(project, run.id, { status: 'done' });
  for (const seed of [1, 2, 3])
    saveResult(project, run.id, {
      arm: 'baseline',
      dataset: 'small',
      labels: 4,
      labelsPerClass: null,
      seed,
      metric: 'accuracy',
      test: 0.5,
      validation: 0.5,
      train: 1,
      curve: [{ step: 10, train: 1, validation: 0.5, loss: 0 }],
    });
  setStudyStatus(project, study, 'done');
  const owner = startService(willClose(openProject(project.folder)), playedHost().host, 'on');
  onTestFinished(() => owner.close());
  const made = () =>
    listRunsOf(project, study)
      .map((one) => one.run)
      .filter(({ making }) => making);
  return { project, study, made, ...commandLine(project.folder, addMakeCommands as never) };
}

it.each([
  ['final', ['final', 'A study', '--include', 'validation,test'], ['train', 'validation', 'test']],
  ['ensemble', ['ensemble', 'baseline-1'], undefined],
])('asks whoever runs the queue to make a model: %s', async (kind, words, splits) => {
  const { run, made, project } = found();
  const { printed, said } = await run(...words);
  expect(made()).toMatchObject([{ making: kind, name: `${kind}-1` } as Partial<Run>]);
  expect(printed).toBe('');
  expect(said).toContain(`Another program runs the queue of this project: it was asked to make ${kind}-1.`);
  const { config } = getRun(project, made()[0]!.id);
  expect((config as { making: { splits?: string[] } }).making.splits).toEqual(splits);
});

it('knows the splits that there are, and the studies and runs', async () => {
  const { run, made, environment } = found();
  environment.stderr = new PassThrough();
  await expect(run('final', 'A study', '--include', 'train')).rejects.toThrow(
    /It must be validation, test, or validation,test\./,
  );
  await expect(run('ensemble', 'nothing')).rejects.toThrow(/nothing/);
  expect(made()).toEqual([]);
});
