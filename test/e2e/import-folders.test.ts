/** The plan of an import: folders asked about and changed, a format that does not stick, and what is shown is done. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { audit } from './audit.ts';
import { answerDialog, goTo, openNewProject } from './pages.ts';
import { startProgram, temporaryFolder } from './program.ts';

const SIDE = 16;

async function writeTree(folder: string, folders: readonly string[], each: number): Promise<void> {
  let state = 7;
  const random = () => (state = (state * 1103515245 + 12345) % 2147483648) % 256;
  for (const name of folders) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let at = 0; at < each; at += 1)
      await sharp(Uint8Array.from({ length: SIDE * SIDE }, random), {
        raw: { width: SIDE, height: SIDE, channels: 1 },
      })
        .png()
        .toFile(join(folder, name, `${at}.png`));
  }
}

test('folders that could mean two things are asked about, and imported as shown', async () => {
  const folder = temporaryFolder();
  const people = join(folder, 'people');
  const wrapped = join(folder, 'wrapped');
  await writeTree(people, ['anna/sit', 'anna/walk', 'ben/sit', 'ben/walk', 'carl/sit', 'carl/walk'], 4);
  await writeTree(wrapped, ['data/Train/Cat', 'data/Train/dog', 'data/test/cat', 'data/test/dog'], 4);
  const program = await startProgram();
  const { page, errors } = program;
  await openNewProject(program, { directory: join(folder, 'folders.pretext'), name: 'Folders' });
  const found: string[] = [];
  const choose = async (label: string, option: RegExp) => {
    await page.getByLabel(new RegExp(`^${label}:`)).click();
    await page.getByRole('option', { name: option }).click();
  };

  await goTo(page, 'Data');
  await page.getByRole('button', { name: 'Import data' }).first().click();
  await answerDialog(program, wrapped);
  await page.getByRole('button', { name: 'Choose folder…' }).click();
  await page.getByText('data: only holds the folders below').waitFor();
  await page.getByText('“Cat” and “cat” differ in upper and lower case alone').waitFor();
  // Choices that another folder must not inherit.
  await choose('Level 2', /^Ignored/);
  await page.getByText('16 files without a label').waitFor();
  await choose('Format', /Signals in text/);

  await answerDialog(program, people);
  await page.getByRole('button', { name: 'Choose folder…' }).click();
  await page.getByText('Which are the classes?').waitFor();
  expect(await page.getByLabel(/^Format:/).textContent()).toContain('Automatic');
  const start = page.getByRole('button', { name: 'Import 24 files' });
  expect(await start.isDisabled()).toBe(true);
  found.push(...(await audit(program, 'import-folders-question')));
  await page.getByRole('button', { name: /^groups: “anna”.*classes: “sit”/ }).click();
  await page.getByText('2 classes').waitFor();
  await choose('Level 1', /^Class/);
  await page.getByText('3 classes').waitFor();
  await choose('Level 2', /^Group/);
  await choose('Level 2', /^Class/);
  await page.getByText('2 classes').waitFor();
  await choose('Level 1', /^Group/);
  await page.waitForTimeout(600);
  found.push(...(await audit(program, 'import-folders')));
  await start.click();
  await page.getByRole('button', { name: /^people.*24 labeled/s }).click({ timeout: 60_000 });
  await page.locator('fieldset label', { hasText: 'Details' }).click();
  await page.getByText('3 groups, never parted').waitFor();

  await page.getByRole('button', { name: 'More about people' }).click();
  await page.getByRole('menuitem', { name: /^Import again/ }).click();
  await page.getByRole('button', { name: 'Import 24 files' }).waitFor();
  expect(await page.getByLabel('Name of the dataset').inputValue()).toBe('people-2');
  expect(await page.getByLabel(/^Level 1:/).textContent()).toContain('Group');
  await page.locator('fieldset label', { hasText: 'At random' }).click();
  await page.waitForTimeout(600);
  found.push(...(await audit(program, 'import-again')));
  await page.getByRole('button', { name: 'Import 24 files' }).click();
  await page.getByRole('button', { name: /^people-2.*24 labeled/s }).click({ timeout: 60_000 });
  await page.locator('fieldset label', { hasText: 'Details' }).click();
  await page.getByText('3 groups, never parted').waitFor();
  await goTo(page, 'Data');
  await page.getByRole('button', { name: 'Import data' }).first().click();
  await page.getByRole('button', { name: 'Choose folder…' }).waitFor();
  found.push(...(await audit(program, 'import-start')));
  expect(errors).toEqual([]);
  expect(found).toEqual([]);
}, 240_000);
