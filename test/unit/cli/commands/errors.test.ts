import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { addErrors } from '../../../../src/cli/commands/errors.ts';
import type { Environment } from '../../../../src/cli/environment.ts';
import { commandLine } from '../../../fixtures/command-line.ts';
import { addAnsweredStudy } from '../../../fixtures/answers.ts';
import { addDataset, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';

const add = (program: Command, environment: Environment) => addErrors(program, environment);
const counts = (run: { printed: string }) =>
  (JSON.parse(run.printed) as { answers: unknown[] }).answers.length;

/** Twenty-five samples of which every second is taken for the other class, at two label budgets. */
async function many() {
  const project = temporaryProject();
  const samples = Array.from({ length: 25 }, (_, at) => at);
  addDataset(
    project,
    'small',
    samples.map((at) => sample(at, { split: 2 })),
  );
  const common = { arm: 'baseline' as const, seed: 1, samples, targets: samples.map(() => 0) };
  const said = samples.map((at) => (at % 2 ? [0.9, 0.1] : [0.2, 0.8]));
  const studyId = await addAnsweredStudy(project, [
    { ...common, said, budget: { perClass: 5 } },
    { ...common, said, budget: 'all' },
  ]);
  return { studyId, ...commandLine(project.folder, add) };
}

it('finds a label budget by its words', async () => {
  const { run, studyId } = await many();
  await expect(run('errors', studyId)).rejects.toThrow('Which? Give --labels, one of: 5 per class, all');
  for (const words of ['5 per class', '5PERCLASS', 'all'])
    expect(counts(await run('errors', studyId, '--labels', words, '--json'))).toBe(13);
});

it('shows twenty, or as many as are wanted, and says how many more there are', async () => {
  const { run, studyId } = await many();
  const asked = ['errors', studyId, '--labels', 'all', '--outcome', 'all'];
  const { printed } = await run(...asked);
  expect(printed).toContain('and 5 more: --limit, --json or --output have them');
  expect(counts(await run(...asked, '--limit', '3', '--json'))).toBe(3);
  expect(counts(await run(...asked, '--json'))).toBe(25);
});

it('says that there is nothing yet', async () => {
  const project = temporaryProject();
  addDataset(project, 'small', [sample(0)]);
  const { run } = commandLine(project.folder, add);
  await expect(run('errors', addStudy(project))).rejects.toThrow('The study has no results yet.');
});
