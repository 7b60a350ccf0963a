/** A kept model in the window: new pictures are dropped, their answers looked at and saved. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { quickRecipe, writeSides } from '../fixtures/sides.ts';
import { beginPretext } from '../fixtures/survival.ts';
import { audit } from './audit.ts';
import { startProgram, temporaryFolder, type Program } from './program.ts';

/** As the desktop drops a file: with its path, which no page could make up. */
async function drop({ page }: Program, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  await session.detach();
}

test('a model answers what is dropped on it, and its answers are looked at and saved', async () => {
  const folder = temporaryFolder();
  await writeSides(join(folder, 'sides'), 40, 1);
  await writeSides(join(folder, 'new'), 6, 2);
  writeFileSync(join(folder, 'new', 'broken.png'), 'no picture');
  writeFileSync(join(folder, 'sides.yaml'), quickRecipe('sides', 'sides'));
  const project = join(folder, 'a.pretext');
  const study = await beginPretext(folder, ['study', 'run', 'sides.yaml', '--project', project]).ended;
  expect(study.status).toBe(0);

  const program = await startProgram();
  const { page, errors, application } = program;
  await application.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 800),
  );
  await drop(program, project);
  const navigation = page.getByRole('navigation', { name: 'Project' });
  await navigation.getByRole('button', { name: 'Models' }).click();
  await page.getByRole('cell', { name: '2 classes: bottom, top' }).waitFor();
  const found = await audit(program, 'models');
  await page.getByRole('button', { name: 'baseline-1' }).click();
  await page.getByText('Drop files or folders here').waitFor();
  await drop(program, join(folder, 'new'));
  await page.getByRole('heading', { name: '12 answers' }).waitFor({ timeout: 120_000 });
  const section = page.getByRole('region', { name: 'Answers' });
  expect(await section.innerText()).toContain('1 file or row could not be read');
  expect(await section.getByRole('row').count()).toBe(13);
  expect(await section.locator('td img').count()).toBe(12);
  // The surest doubts come first.
  const shares = await section.locator('tbody tr td:nth-child(4)').allInnerTexts();
  const numbers = shares.map((text) => Number(text.replace(' %', '')));
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  found.push(...(await audit(program, 'model-answers')));

  await section.getByRole('button', { name: '3.png' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog
    .getByRole('img', { name: /^Training sample/ })
    .nth(3)
    .waitFor();
  await dialog.getByRole('button', { name: 'Why this answer?' }).click();
  await dialog.getByText(/^Orange places speak for the answer/).waitFor({ timeout: 60_000 });
  expect(await dialog.locator('svg rect').count()).toBeGreaterThan(3);
  await dialog.locator('label', { hasText: 'Occlusion' }).click();
  await dialog.getByText(/^Orange parts carry the answer/).waitFor();
  expect(await dialog.locator('svg rect').count()).toBe(144);
  found.push(...(await audit(program, 'model-answer')));
  await page.keyboard.press('Escape');

  const file = join(folder, 'answers.csv');
  await application.evaluate(({ dialog: dialogs }, filePath) => {
    dialogs.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
  await section.getByRole('button', { name: 'Save answers' }).click();
  await page.getByText('Saved 12 answers.').waitFor({ timeout: 60_000 });
  const lines = readFileSync(file, 'utf8').trimEnd().split('\r\n');
  expect(lines).toHaveLength(13);
  expect(lines.filter((line) => /\/(top|bottom)\/\d\.png,\1,/.test(line)).length).toBeGreaterThanOrEqual(11);
  expect(found).toEqual([]);
  expect(errors).toEqual([]);
}, 300_000);
