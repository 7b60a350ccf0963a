/** Runs that stopped are found, tried again and held together; studies take the names that they are given. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recipeSchema } from '../../src/contract/recipe/recipe.ts';
import { inProject } from '../fixtures/finished-project.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { smallRecipe, untilStudy } from '../fixtures/studies.ts';
import { audit } from './audit.ts';
import { goTo, openProject } from './pages.ts';
import { startProgram, temporaryFolder } from './program.ts';

const LONG = { timeout: 120_000 };

/** The real trainer is at work in the window, so that nothing here ends by itself. */
const longStudy = (images: string) =>
  recipeSchema.parse({
    ...smallRecipe(images),
    name: 'Cells',
    pretext: { task: 'simclr', epochs: 2000, batchSize: 8 },
  });

test('pauses and resumes all runs, of a study that waits for its data too, and gives a study another name', async () => {
  const folder = temporaryFolder();
  const project = join(folder, 'held.pretext');
  await writeSmallImages(join(folder, 'small'), 400);
  // Closed while it imports.
  await inProject(
    project,
    async (client) => void (await client.study.start({ recipe: longStudy(join(folder, 'small')) })),
    { createName: 'Held' },
  );
  const program = await startProgram();
  const { page, errors } = program;
  await openProject(program, project);
  await goTo(page, 'Runs');
  const rows = page.getByRole('table').getByRole('row');
  const inState = (words: string) => rows.filter({ hasText: new RegExp(words, 'i') });
  const pauseAll = page.getByRole('button', { name: 'Pause all' });
  const resumeAll = page.getByRole('button', { name: 'Resume all' });

  await pauseAll.click(LONG);
  await resumeAll.click(LONG);
  await pauseAll.waitFor(LONG);
  expect(await inState('Queued').count()).toBe(5);
  await page.getByText('Not all data of this study are in the project').waitFor();
  expect(await audit(program, 'runs-without-data')).toEqual([]);
  // A single run says what it waits for, beside the note that is there.
  await page.getByRole('button', { name: 'Pause baseline-1' }).click();
  await page.getByRole('button', { name: 'Resume baseline-1' }).click();
  await expect.poll(() => page.getByText('Not all data of this study are in the project').count()).toBe(2);

  await page.getByRole('button', { name: 'Read the data and go on' }).click();
  await inState('Running').waitFor(LONG);
  await pauseAll.click(LONG);
  await resumeAll.waitFor(LONG);
  await pauseAll.waitFor({ state: 'detached', ...LONG });
  expect(await inState('Paused').count()).toBe(5);
  // One stands in the dock; the others are found from there.
  await goTo(page, 'Overview');
  await page.getByRole('button', { name: '4 paused' }).click();
  await expect.poll(() => rows.count()).toBe(6);
  const found = await audit(program, 'runs-held');
  await resumeAll.click();
  await pauseAll.waitFor(LONG);

  await goTo(page, 'Compare');
  await page.getByRole('button', { name: 'More about Cells' }).click();
  await page.getByRole('menuitem', { name: 'Rename the study…' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Cells under the microscope');
  await page.getByRole('button', { name: 'Rename', exact: true }).click();
  await page.getByRole('combobox', { name: 'Study: Cells under the microscope' }).waitFor();
  expect(found).toEqual([]);
  expect(errors).toEqual([]);
});

test('tries a study again that failed for want of its data', async () => {
  const folder = temporaryFolder();
  const project = join(folder, 'failed.pretext');
  const images = join(folder, 'small');
  mkdirSync(images);
  await inProject(
    project,
    async (client) => {
      const { id } = await client.study.start({ recipe: longStudy(images) });
      await untilStudy(client, id, 'failed');
    },
    { createName: 'Failed' },
  );
  await writeSmallImages(images);
  const program = await startProgram();
  const { page, errors } = program;
  await openProject(program, project);
  await goTo(page, 'Compare');
  await page.getByRole('button', { name: 'Try again', exact: true }).click(LONG);
  await page.getByRole('button', { name: 'Try again', exact: true }).waitFor({ state: 'detached', ...LONG });
  await goTo(page, 'Runs');
  await page.getByRole('table').getByRole('row').filter({ hasText: 'Running' }).waitFor(LONG);
  expect(errors).toEqual([]);
});
