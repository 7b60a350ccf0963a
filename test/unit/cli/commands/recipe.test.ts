import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { addRecipeCommands } from '../../../../src/cli/commands/recipe.ts';
import { commandLine } from '../../../fixtures/command-line.ts';
import { addDataset, sample, temporaryFolder, temporaryProject } from '../../../fixtures/projects.ts';

describe('recipe check', () => {
  const checked = (text: string) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'study.yaml'), text);
    return commandLine(folder, addRecipeCommands);
  };

  it('says that a recipe can be used', async () => {
    const { run } = checked('name: A\ndata:\n  pretrain: [cells]\npretext: {}\n');
    expect((await run('recipe', 'check', 'study.yaml')).printed).toBe('study.yaml is a valid recipe.\n');
  });

  it('names every mistake with its line', async () => {
    const { run, environment } = checked(
      'name: A\ndata:\n  pretrain: [cells]\npretext:\n  epoch: 3\n  seed: -1\n',
    );
    await expect(run('recipe', 'check', 'study.yaml')).rejects.toThrow(
      'study.yaml cannot be used: 2 mistakes.',
    );
    const said = String((environment.stderr as unknown as { read(): Buffer }).read());
    expect(said.trimEnd().split('\n')).toEqual([
      '`epoch` is not a field here. Did you mean `epochs`? (study.yaml, line 5)',
      '`pretext.seed` must be a whole number from 0 to 2147483647. Found: -1 (study.yaml, line 6)',
    ]);
  });
});

describe('recipe init', () => {
  it('prints a recipe that is YAML, for the task that is wanted', async () => {
    const { run } = commandLine(temporaryFolder(), addRecipeCommands);
    const { printed } = await run('recipe', 'init', '--task', 'byol');
    expect(parse(printed)).toMatchObject({ pretext: { task: 'byol' } });
  });

  it('refuses a task that cannot be used with the data, and names those that can', async () => {
    const project = temporaryProject();
    addDataset(
      project,
      'small',
      Array.from({ length: 60 }, (_, at) => sample(at, { split: at % 3 })),
    );
    const { run } = commandLine(project.folder, addRecipeCommands);
    await expect(
      run('recipe', 'init', '--dataset', 'small', '--task', 'subject-contrast'),
    ).rejects.toMatchObject({
      failure: { code: 'task.unsuitable', remedy: expect.stringContaining('simclr') as string },
    });
    const { printed } = await run('recipe', 'init', '--dataset', 'small');
    expect(parse(printed)).toMatchObject({ data: { pretrain: ['small'] } });
  });
});

describe('recipe advise', () => {
  it('takes no number for less than what it says', async () => {
    const { run } = commandLine(temporaryProject().folder, addRecipeCommands);
    await expect(run('recipe', 'advise', 'small', '--minutes', 'ten')).rejects.toThrow(
      'It must be a number above 0.',
    );
    await expect(run('recipe', 'advise', 'small', '--minutes', '0')).rejects.toThrow(
      'It must be a number above 0.',
    );
    await expect(run('recipe', 'advise', 'small', '--batch-size', '1.5')).rejects.toThrow(
      'It must be a whole number.',
    );
    await expect(run('recipe', 'advise', 'small', '--batch-size', '0')).rejects.toMatchObject({
      failure: { message: expect.stringContaining('batchSize') as string },
    });
  });
});

it('says what fields mean', async () => {
  const { run } = commandLine(temporaryFolder(), addRecipeCommands);
  expect((await run('recipe', 'fields', 'byol')).printed).toContain('byol');
  await expect(run('recipe', 'fields', 'nothing')).rejects.toThrow(/nothing/);
});
