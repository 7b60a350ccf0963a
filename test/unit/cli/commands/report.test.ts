import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { addReportCommand } from '../../../../src/cli/commands/report.ts';
import { addAnsweredStudy } from '../../../fixtures/answers.ts';
import { commandLine } from '../../../fixtures/command-line.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';

it('writes a study down as a page, and never over another file unasked', async () => {
  const project = temporaryProject();
  addDataset(
    project,
    'small',
    [0, 1].map((at) => sample(at, { split: 2 })),
  );
  await addAnsweredStudy(project, [
    {
      arm: 'baseline',
      seed: 1,
      samples: [0, 1],
      targets: [0, 1],
      said: [
        [0.9, 0.1],
        [0.8, 0.2],
      ],
    },
  ]);
  const { run } = commandLine(project.folder, addReportCommand);
  await expect(run('report', 'A study')).rejects.toThrow(
    'What is to be written? Give --to FILE, --figures FOLDER, or both.',
  );
  const file = join(project.folder, 'a.html');
  expect((await run('report', 'A study', '--to', 'a.html')).printed).toBe(`${file}\n`);
  const page = readFileSync(file, 'utf8');
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).toContain('<title>A study: report</title>');
  // It needs nothing beside it.
  expect(page).not.toMatch(/(?:src|href)="(?!#|data:)/);
  await expect(run('report', 'A study', '--to', 'a.html')).rejects.toThrow();
  await run('report', 'A study', '--to', 'a.html', '--overwrite');
  await expect(run('report', 'none', '--to', 'b.html')).rejects.toThrow(
    'There is no study “none” in this project.',
  );
  expect(existsSync(join(project.folder, 'b.html'))).toBe(false);
});
