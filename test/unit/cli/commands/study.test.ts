import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { addStudyCommands } from '../../../../src/cli/commands/study.ts';
import { updateRun } from '../../../../src/project/index.ts';
import { addAnsweredStudy } from '../../../fixtures/answers.ts';
import { commandLine } from '../../../fixtures/command-line.ts';
import {
  addDataset,
  addRun,
  addStudy,
  sample,
  temporaryFolder,
  temporaryProject,
} from '../../../fixtures/projects.ts';

const given = [
  {
    arm: 'pretrained' as const,
    seed: 1,
    samples: [0, 1, 2],
    targets: [0, 1, 0],
    said: [
      [0.9, 0.1],
      [0.2, 0.8],
      [0.3, 0.7],
    ],
  },
  {
    arm: 'baseline' as const,
    seed: 1,
    samples: [0, 1, 2],
    targets: [0, 1, 0],
    said: [
      [0.4, 0.6],
      [0.9, 0.1],
      [0.8, 0.2],
    ],
  },
];

async function answered() {
  const project = temporaryProject();
  addDataset(
    project,
    'small',
    [0, 1, 2].map((at) => sample(at, { split: 2, group: at < 2 ? 'P1' : 'P2' })),
  );
  const studyId = await addAnsweredStudy(project, given);
  return { project, studyId, ...commandLine(project.folder, addStudyCommands) };
}

describe('studies', () => {
  it('are listed, shown, renamed and given as YAML', async () => {
    const project = temporaryProject();
    const studyId = addStudy(project);
    const { id, name } = addRun(project, studyId);
    updateRun(project, id, { status: 'failed', failure: { code: 'x', message: 'No.' } });
    const { run } = commandLine(project.folder, addStudyCommands);
    expect((await run('study', 'list')).printed).toMatch(
      new RegExp(`${studyId} +A study +running +1 +\\d{4}-`),
    );
    expect((await run('study', 'show', 'A study')).printed).toBe(
      `A study (${studyId}): running\n  ${name}: failed\n`,
    );
    expect((await run('study', 'rename', 'A study', 'B study')).printed).toBe(
      `${studyId} is now named B study\n`,
    );
    expect(parse((await run('study', 'yaml', 'B study')).printed)).toMatchObject({
      name: 'B study',
      data: { pretrain: ['small'] },
    });
    await expect(run('study', 'show', 'A study')).rejects.toThrow(
      'There is no study “A study” in this project.',
    );
    const empty = commandLine(temporaryProject().folder, addStudyCommands);
    expect((await empty.run('study', 'list')).printed).toBe(
      'No studies yet: pretext study run RECIPE.yaml\n',
    );
  });

  it('tell what they found, as a table, a document, and lines of text', async () => {
    const { run, studyId } = await answered();
    const { results } = JSON.parse((await run('study', 'result', studyId, '--json')).printed) as {
      results: { arm: string; test: number }[];
    };
    // Two of three are right; one of three.
    const scores = Object.fromEntries(results.map(({ arm, test }) => [arm, test]));
    expect(scores['pretrained']).toBeCloseTo(2 / 3, 6);
    expect(scores['baseline']).toBeCloseTo(1 / 3, 6);
    const csv = (await run('study', 'result', studyId, '--csv')).printed.trimEnd().split('\n');
    expect(csv).toHaveLength(3);
    expect(csv[0]!.split(',')).toContain('arm');
    expect((await run('study', 'result', studyId)).printed).toContain('pretrained');
  });
});

describe('study errors', () => {
  it('asks which arm is meant, and names those there are', async () => {
    const { run, studyId } = await answered();
    await expect(run('study', 'errors', studyId)).rejects.toThrow(
      'Which? Give --arm, one of: pretrained, baseline',
    );
    await expect(run('study', 'errors', studyId, '--arm', 'baseline', '--labels', '7')).rejects.toThrow(
      'Which? Give --labels, one of: all',
    );
  });

  it('lists the worst first by loss, of one cell all of them', async () => {
    const { run, studyId } = await answered();
    const found = JSON.parse(
      (await run('study', 'errors', studyId, '--arm', 'baseline', '--json')).printed,
    ) as {
      total: number;
      answers: { index: number; loss: number }[];
    };
    // Log loss of what the truth was taken to be: 0.1, 0.4.
    expect(found.total).toBe(2);
    expect(found.answers.map(({ index }) => index)).toEqual([1, 0]);
    expect(found.answers[0]!.loss).toBeCloseTo(-Math.log(0.1), 5);
    expect(found.answers[1]!.loss).toBeCloseTo(-Math.log(0.4), 5);
    const cell = ['--arm', 'pretrained', '--truth', 'cat', '--answer', 'dog'];
    const { printed } = await run('study', 'errors', studyId, ...cell);
    expect(printed).toMatch(
      /^pretrained on small with all labels, 1 seed: 1 of 3 test samples \(by loss\), worst first\n/,
    );
    expect(printed).toMatch(/2 +cat +dog +0\.700 +1\.204 +all +P2 +2\.png/);
  });

  it('writes them as CSV', async () => {
    const { run, studyId, project } = await answered();
    const to = ['--arm', 'baseline', '--output', 'errors.csv'];
    expect((await run('study', 'errors', studyId, ...to)).said).toBe(
      `2 samples written to ${project.folder}/errors.csv\n`,
    );
    await expect(run('study', 'errors', studyId, ...to)).rejects.toThrow();
  });
});

it('a recipe that cannot be used leaves no project behind', async () => {
  const folder = temporaryFolder();
  const { run } = commandLine(folder, addStudyCommands);
  await expect(run('study', 'run', 'none.yaml', '--project', 'new')).rejects.toMatchObject({
    failure: { place: expect.stringContaining('none.yaml') as string },
  });
  await expect(run('study', 'list', '--project', 'new')).rejects.toMatchObject({
    failure: { code: expect.stringMatching(/^project\./) as string },
  });
});
