import { describe, expect, it } from 'vitest';
import { addDataCommands } from '../../../../src/cli/commands/data.ts';
import { saveCopies } from '../../../../src/project/index.ts';
import { commandLine } from '../../../fixtures/command-line.ts';
import { addDataset, sample, temporaryFolder, temporaryProject } from '../../../fixtures/projects.ts';

const inProject = () => {
  const project = temporaryProject();
  const samples = [0, 0, 0, 1, 2, 2].map((split, at) => sample(at, { split }));
  const { id } = addDataset(project, 'small', samples);
  const line = commandLine(project.folder, (program, environment) =>
    addDataCommands(program, environment, []),
  );
  return { project, id, ...line };
};

describe('data list and show', () => {
  it('tell what there is', async () => {
    const { run, id, project } = inProject();
    const { printed } = await run('data', 'list');
    expect(printed).toMatch(/small +image +16 × 16 × 1 +6 +6 +3\/1\/2 by folder +1\.5 kB +0/);
    expect(JSON.parse((await run('data', 'list', '--json')).printed)).toMatchObject({
      project: project.folder,
      datasets: [{ id, name: 'small' }],
    });
    expect((await run('data', 'show', 'small')).printed).toMatch(
      /^small: 6 images of 16 × 16.*, 6 labeled, 2 classes\nSplit by folder: 3 train, 1 validation, 2 test\n/,
    );
    expect((await run('data', 'issues', 'small')).printed).toBe(
      'Nothing was left out, and there is nothing to note.\n',
    );
  });

  it('say where nothing is, and which project is meant', async () => {
    const empty = temporaryProject();
    const { run } = commandLine(temporaryFolder(), (program, environment) =>
      addDataCommands(program, environment, []),
    );
    expect((await run('data', 'list', '--project', empty.folder)).printed).toBe(
      'No datasets yet: pretext data import PATH --name NAME\n',
    );
    await expect(run('data', 'list')).rejects.toThrow(
      'Which project? Give its folder with --project DIR, or run this inside one.',
    );
    await expect(run('data', 'show', 'none', '--project', empty.folder)).rejects.toThrow(
      'There is no dataset “none” in this project.',
    );
    await expect(run('data', 'list', '--project', temporaryFolder())).rejects.toMatchObject({
      failure: { code: expect.stringMatching(/^project\./) as string },
    });
  });
});

describe('data copies', () => {
  it('leaves training samples out, and brings them back', async () => {
    const { run, project, id } = inProject();
    await saveCopies(project, id, [{ heldOut: 4, training: 0, exact: true, likeness: 1 }], 1);
    const shown = (await run('data', 'copies', 'small')).printed;
    expect(shown).toContain(
      'Caution: 1 of 2 test and 0 of 1 validation samples are copies, or nearly so, of training samples',
    );
    expect(shown).toMatch(/test +4\.png +train +0\.png +exact/);
    expect((await run('data', 'copies', 'small', '--leave-out')).printed).toContain(
      '1 training sample left out of training for it',
    );
    expect((await run('data', 'show', 'small')).printed).toContain('2 train, 1 validation, 2 test');
    expect((await run('data', 'copies', 'small', '--bring-back')).printed).toContain('Caution:');
    const { total, pairs } = JSON.parse((await run('data', 'copies', 'small', '--json')).printed) as {
      total: number;
      pairs: unknown[];
    };
    expect([total, pairs.length]).toEqual([1, 1]);
  });

  it('does not do both', async () => {
    const { run } = inProject();
    await expect(run('data', 'copies', 'small', '--leave-out', '--bring-back')).rejects.toThrow(
      '--leave-out and --bring-back ask for opposite things: give one of them.',
    );
  });
});
