import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addProjectCommands } from '../../../../src/cli/commands/project.ts';
import { registerCheckpoint } from '../../../../src/project/index.ts';
import { commandLine } from '../../../fixtures/command-line.ts';
import { addRun, addStudy, temporaryFolder, temporaryProject } from '../../../fixtures/projects.ts';

describe('project create', () => {
  it('makes a project, by its folder’s name unless it gets another', async () => {
    const folder = temporaryFolder();
    const { run } = commandLine(folder, addProjectCommands);
    const place = join(folder, 'cells.pretext');
    expect((await run('project', 'create', 'cells.pretext')).printed).toBe(`Project “cells” in ${place}\n`);
    expect(existsSync(join(place, 'project.db'))).toBe(true);
    const made = await run('project', 'create', 'other', '--name', 'My cells', '--json');
    expect(JSON.parse(made.printed)).toMatchObject({ name: 'My cells', folder: join(folder, 'other') });
  });

  it('touches no folder that holds something else', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'full'));
    writeFileSync(join(folder, 'full', 'mine.txt'), 'mine');
    const { run } = commandLine(folder, addProjectCommands);
    await expect(run('project', 'create', 'full')).rejects.toMatchObject({
      failure: { code: expect.stringMatching(/^project\./) as string },
    });
    expect(existsSync(join(folder, 'full', 'project.db'))).toBe(false);
  });
});

describe('project check', () => {
  it('says that a project is sound, or what is not', async () => {
    const project = temporaryProject();
    const { run } = commandLine(project.folder, addProjectCommands);
    expect((await run('project', 'check', project.folder)).printed).toMatch(/^The project is sound: /);
    registerCheckpoint(project, addRun(project, addStudy(project)).id, {
      kind: 'last',
      file: 'gone.safetensors',
      sha256: 'a'.repeat(64),
      bytes: 1,
      step: 1,
      epoch: 1,
      score: null,
      scoreOf: null,
    });
    await expect(run('project', 'check', project.folder)).rejects.toThrow('1 problem was found.');
  });

  it('is of no folder that is none', async () => {
    const { run } = commandLine(temporaryFolder(), addProjectCommands);
    await expect(run('project', 'check', '.')).rejects.toMatchObject({
      failure: { code: expect.stringMatching(/^project\./) as string },
    });
  });
});
