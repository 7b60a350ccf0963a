/** A table: each column is shown with its kind and why, changed, and imported as shown. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { audit } from './audit.ts';
import { answerDialog, goTo, openNewProject } from './pages.ts';
import { startProgram, temporaryFolder } from './program.ts';

function writeTable(file: string): void {
  const rows = Array.from({ length: 60 }, (_, at) =>
    [
      at + 1,
      at === 7 ? 'old' : 20 + ((at * 17) % 50),
      ['Bern', 'Basel', 'Chur'][at % 3],
      at % 4 ? '' : 2.5,
      at % 2 ? 'well' : 'ill',
    ].join(','),
  );
  writeFileSync(file, `id,age,town,dose,outcome\n${rows.join('\n')}\n`);
}

test('columns of a table are shown with their kinds, changed, and imported as shown', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'patients.csv');
  writeTable(file);
  const program = await startProgram();
  const { page, errors } = program;
  await openNewProject(program, { directory: join(folder, 'table.pretext'), name: 'Table' });
  await goTo(page, 'Data');
  await page.getByRole('button', { name: 'Import data' }).first().click();
  await answerDialog(program, file);
  await page.getByRole('button', { name: 'Choose file…' }).click();

  const role = (name: string) => page.getByLabel(`What ${name} is`, { exact: true });
  await role('age').waitFor();
  const names = ['id', 'age', 'town', 'dose', 'outcome'];
  const roles = async () => Promise.all(names.map((name) => role(name).inputValue()));
  expect(await roles()).toEqual(['left-out', 'whole-number', 'category', 'left-out', 'category']);
  await page.getByText('“old” in row 9. It counts as missing.').first().waitFor();

  await role('outcome').selectOption('Target (label)');
  await page.getByText('The target is “outcome”.').waitFor();
  await role('town').selectOption('Ordered category');
  await page.getByLabel('Order of town, the lowest first').fill('Chur < Basel < Bern');
  await page.getByLabel('Order of town, the lowest first').blur();
  await page.waitForTimeout(600);
  await role('age').scrollIntoViewIfNeeded();
  expect(await audit(program, 'import-table')).toEqual([]);
  expect(await roles()).toEqual(['left-out', 'whole-number', 'ordered-category', 'left-out', 'target']);

  await page.getByRole('button', { name: 'Import 1 file' }).click();
  await page
    .getByRole('button', { name: /^patients.*60 rows.*60 labeled, 2 classes.*2 columns/s })
    .waitFor({ timeout: 60_000 });

  await page.getByRole('button', { name: /^patients.*60 rows/s }).click();
  const grid = page.getByRole('grid', { name: 'Rows of patients' });
  await grid.getByRole('row').nth(3).waitFor();
  expect(await grid.getAttribute('aria-rowcount')).toBe('61');
  // By the keyboard alone: up to the names, along to the age, and twice Enter.
  await grid.focus();
  for (const key of ['ArrowUp', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter'])
    await page.keyboard.press(key);
  await page.getByRole('columnheader', { name: 'age' }).and(page.locator('[aria-sort=ascending]')).waitFor();
  // The least of all ages is 20, in the first row of the file: by its column.
  await grid.getByRole('row').nth(1).getByRole('gridcell', { name: '20', exact: true }).waitFor();
  await page.getByText(/with the target: .* they share .* bit/).waitFor();
  await page.getByLabel('From').fill('60');
  await page.locator('#main').getByRole('button', { name: 'Show', exact: true }).click();
  await page.getByRole('button', { name: 'Remove the filter age: at least 60' }).waitFor();
  expect(await audit(program, 'table-rows')).toEqual([]);
  expect(errors).toEqual([]);
}, 240_000);
