import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addLabels } from '../../../../src/cli/commands/labels.ts';
import type { Environment } from '../../../../src/cli/environment.ts';
import { commandLine } from '../../../fixtures/command-line.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';

const add = (program: Command, environment: Environment) => addLabels(program, environment);

/** Cat, dog, cat, dog in training, and a cat in test. */
function labeled() {
  const project = temporaryProject();
  addDataset(
    project,
    'small',
    [0, 0, 0, 0, 2].map((split, at) => sample(at, { split })),
  );
  return { project, ...commandLine(project.folder, add) };
}

describe('labels set', () => {
  it('changes samples, in versions that can be undone', async () => {
    const { run } = labeled();
    expect(
      (await run('labels', 'set', 'small', '--sample', '0', '--sample', '2', '--label', 'dog')).printed,
    ).toBe('2 samples of small changed: version 1. Studies keep the labels that they used.\n');
    expect((await run('labels', 'set', 'small', '--sample', '0', '--label', 'dog')).printed).toBe(
      'Nothing differs: the labels of small stay as they are (version 1).\n',
    );
    const history = (await run('labels', 'history', 'small')).printed;
    expect(history).toMatch(/1 +\d{4}-\d\d-\d\d \d\d:\d\d +by hand +2 +0/);
    expect((await run('labels', 'undo', 'small')).printed).toMatch(
      /^2 samples of small changed: version 2\./,
    );
    expect((await run('labels', 'history', 'small')).printed).toContain('undo, back to 0');
  });

  it('asks what is to be done, and does not do opposite things', async () => {
    const { run } = labeled();
    await expect(run('labels', 'set', 'small', '--sample', '0')).rejects.toThrow(
      'Say what of the samples: --label LABEL, --no-label, --leave-out or --take-back.',
    );
    await expect(
      run('labels', 'set', 'small', '--sample', '0', '--leave-out', '--take-back'),
    ).rejects.toThrow('--leave-out and --take-back ask for opposite things: give one of them.');
    await expect(run('labels', 'set', 'small', '--sample', 'first', '--no-label')).rejects.toThrow(
      'It must be a whole number.',
    );
  });

  it('changes no test sample unless it is asked to', async () => {
    const { run } = labeled();
    await expect(run('labels', 'set', 'small', '--sample', '4', '--label', 'dog')).rejects.toMatchObject({
      failure: { message: expect.stringMatching(/test/) as string },
    });
    expect((await run('labels', 'set', 'small', '--sample', '4', '--label', 'dog', '--tests')).printed).toBe(
      '1 sample of small changed, 1 test sample among them: version 1. Studies keep the labels that they used.\n',
    );
  });
});

describe('labels as a table', () => {
  it('are written, corrected, and read again; rows that cannot be used are named', async () => {
    const { run, project } = labeled();
    const file = join(project.folder, 'labels.csv');
    expect((await run('labels', 'export', 'small', 'labels.csv')).printed).toBe(
      `5 samples written to ${file}\n`,
    );
    await expect(run('labels', 'export', 'small', 'labels.csv')).rejects.toThrow();
    const [head, ...rows] = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(rows).toHaveLength(5);
    writeFileSync(file, `${[head, rows[0]!.replace('cat', 'dog'), rows[1]].join('\n')}\n`);
    const { printed } = await run('labels', 'import', 'small', 'labels.csv');
    expect(printed).toMatch(/^1 sample of small changed: version 1\./);
    writeFileSync(file, 'sample,label\n99,dog\n1,cat\n');
    const { said } = await run('labels', 'import', 'small', 'labels.csv');
    expect(said).toContain(`${file}:2: `);
    expect(said).toContain('1 row not used, the others were.');
  });

  it('have no versions while they are as they were imported', async () => {
    const { run } = labeled();
    expect((await run('labels', 'history', 'small')).printed).toBe('The labels are as they were imported.\n');
  });
});
