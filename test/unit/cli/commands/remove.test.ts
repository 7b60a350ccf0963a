import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addDatasetRemoval, addStudyRemoval } from '../../../../src/cli/commands/remove.ts';
import type { Environment } from '../../../../src/cli/environment.ts';
import { getStudy, listDatasets, listStudies, setStudyStatus } from '../../../../src/project/index.ts';
import { commandLine } from '../../../fixtures/command-line.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';

const add = (program: Command, environment: Environment) => {
  addDatasetRemoval(program.command('data'), environment);
  addStudyRemoval(program.command('study'), environment);
};

describe('a dataset', () => {
  it('is removed, and brought back by the id that was told', async () => {
    const project = temporaryProject();
    const { id } = addDataset(project, 'small', [sample(0)]);
    const { run } = commandLine(project.folder, add);
    const { printed } = await run('data', 'remove', 'small');
    expect(printed).toMatch(/^small is removed\. /);
    expect(printed).toContain(`data restore ${id}`);
    expect(listDatasets(project)).toEqual([]);
    expect((await run('data', 'restore', id)).printed).toBe('small is back.\n');
    expect(listDatasets(project)).toHaveLength(1);
  });

  it('that a finished study used is told of it', async () => {
    const project = temporaryProject();
    addDataset(project, 'small', [sample(0)]);
    setStudyStatus(project, addStudy(project), 'done');
    const { said } = await commandLine(project.folder, add).run('data', 'remove', 'small');
    expect(said).toBe(
      '1 finished study used it (A study): the results stay, and cannot be repeated without it.\n',
    );
  });

  it('that an open study needs stays', async () => {
    const project = temporaryProject();
    addDataset(project, 'small', [sample(0)]);
    addRun(project, addStudy(project));
    await expect(commandLine(project.folder, add).run('data', 'remove', 'small')).rejects.toMatchObject({
      failure: { code: expect.stringContaining('dataset.') as string },
    });
    expect(listDatasets(project)).toHaveLength(1);
  });
});

describe('a study', () => {
  it('must be ended before it is removed', async () => {
    const project = temporaryProject();
    const studyId = addStudy(project);
    addRun(project, studyId);
    const { run } = commandLine(project.folder, add);
    await expect(run('study', 'remove', 'A study')).rejects.toMatchObject({
      failure: { code: 'study.open', message: 'The study “A study” is running: it cannot be removed.' },
    });
    expect((await run('study', 'cancel', 'A study')).printed).toBe(`A study (${studyId}): cancelled\n`);
    expect(getStudy(project, studyId).study.status).toBe('cancelled');
    expect((await run('study', 'remove', studyId)).printed).toMatch(/^A study is removed\. /);
    expect(listStudies(project)).toEqual([]);
    await run('study', 'restore', studyId);
    expect(listStudies(project)).toHaveLength(1);
  });

  it('that is not there is named', async () => {
    const { run } = commandLine(temporaryProject().folder, add);
    await expect(run('study', 'remove', 'none')).rejects.toThrow('There is no study “none” in this project.');
  });
});
