/** Runs that stopped are found, tried again and held together; studies take the names that they are given. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recipeSchema } from '../../src/contract/recipe.ts';
import { inProject } from '../fixtures/finished-project.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { smallRecipe } from '../fixtures/studies.ts';
import { audit } from './audit.ts';
import { goTo, openProject } from './pages.ts';
import { startProgram, temporaryFolder } from './program.ts';

test('pauses and resumes all runs, and gives a study another name', async () => {
  const folder = temporaryFolder();
  const project = join(folder, 'held.pretext');
  await writeSmallImages(join(folder, 'small'));
  const recipe = recipeSchema.parse({
    ...smallRecipe(join(folder, 'small')),
    name: 'Cells',
    pretext: { task: 'simclr', epochs: 2000, batchSize: 8 },
  });
  // The real trainer is at work in the window, so that nothing here ends by itself.
  await inProject(project, async (client) => void (await client.study.start({ recipe })), {
    createName: 'Held',
  });
  const program = await startProgram();
  const { page, errors } = program;
  await openProject(program, project);
  await goTo(page, 'Runs');
  await page.getByRole('button', { name: 'Pause all' }).click({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Resume all' }).waitFor({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Pause all' }).waitFor({ state: 'detached', timeout: 120_000 });
  const rows = page.getByRole('table').getByRole('row');
  const all = (await rows.count()) - 1;
  expect(all).toBe(5);
  // One stands in the dock; the others are found from there.
  await goTo(page, 'Overview');
  await page.getByRole('button', { name: `${all - 1} paused` }).click();
  await expect.poll(() => rows.count()).toBe(all + 1);
  const found = await audit(program, 'runs-held');
  await page.getByRole('button', { name: 'Resume all' }).click();
  await page.getByRole('button', { name: 'Pause all' }).waitFor({ timeout: 120_000 });

  await goTo(page, 'Compare');
  await page.getByRole('button', { name: 'More about Cells' }).click();
  await page.getByRole('menuitem', { name: 'Rename the study…' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Cells under the microscope');
  await page.getByRole('button', { name: 'Rename', exact: true }).click();
  await page.getByRole('combobox', { name: 'Study: Cells under the microscope' }).waitFor();
  expect(found).toEqual([]);
  expect(errors).toEqual([]);
});
