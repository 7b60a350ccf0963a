/** What is dropped on the window: projects are opened, recipes shown before they run, folders looked into. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { expect, test } from 'vitest';
import { finishedProject } from '../fixtures/finished-project.ts';
import { audit } from './audit.ts';
import { drop } from './pages.ts';
import { startProgram, temporaryFolder } from './program.ts';

test('a project, a recipe and a folder can be dropped on the window', async () => {
  const folder = temporaryFolder();
  const { project, recipe } = await finishedProject(folder);
  const file = join(folder, 'again.yaml');
  writeFileSync(file, stringify({ ...recipe, name: 'Once more' }));
  writeFileSync(
    join(folder, 'wrong.yaml'),
    'name: Wrong\ndata: { pretrain: [nowhere] }\npretext: { epochs: 0 }\n',
  );
  const program = await startProgram();
  const { page, errors } = program;

  // Without a project there is nowhere to put it: the window asks for one, and keeps what was dropped.
  await drop(program, file);
  await page.getByRole('dialog', { name: 'New project' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await drop(program, project);
  const heading = page.getByRole('heading', { level: 1, name: 'Run a recipe' });
  await heading.waitFor();
  await page.getByText('Once more').waitFor();
  expect(await page.locator('main dl').innerText()).toContain('SimCLR');
  const found = await audit(program, 'recipe');

  await drop(program, join(folder, 'wrong.yaml'));
  await page
    .getByText(/epochs/)
    .first()
    .waitFor();
  expect(await page.getByRole('button', { name: 'Run the study' }).count()).toBe(0);

  await drop(program, file);
  await page.getByRole('button', { name: 'Run the study' }).click();
  // Every run of it is done already, so the answer is there at once.
  await page.getByRole('combobox', { name: 'Study: Once more' }).waitFor();

  await drop(program, join(folder, 'small'));
  await page.getByRole('heading', { level: 1, name: 'Import data' }).waitFor();
  await page.getByRole('button', { name: /^Import \d+ files$/ }).waitFor({ timeout: 60_000 });
  expect(found).toEqual([]);
  expect(errors).toEqual([]);
});
