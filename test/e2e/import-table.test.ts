/**
 * The whole way of a table in the window: each column is shown with its kind and why, changed and imported as shown, rows
 * are looked through, a study runs on them, its errors are read, its model answers other rows and is taken elsewhere.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { audit } from './audit.ts';
import { answerDialog, drop, goTo, openNewProject } from './pages.ts';
import { startProgram, temporaryFolder, type Program } from './program.ts';

const ROWS = 200;
const ageAt = (at: number) => 20 + ((at * 17) % 50);
/** The old are ill, with exceptions; some stand for more people than others. */
const rowAt = (at: number) =>
  [
    at + 1,
    at === 7 ? 'old' : ageAt(at),
    ['Bern', 'Basel', 'Chur'][at % 3],
    at % 4 ? '' : 2.5,
    1 + (at % 3),
    ageAt(at) < 45 === (at % 12 !== 5) ? 'well' : 'ill',
  ].join(',');
const tableOf = (first: number, count: number) =>
  `id,age,town,dose,share,outcome\n${Array.from({ length: count }, (_, at) => rowAt(first + at)).join('\n')}\n`;

const RECIPE = `name: Patients
data: { pretrain: [patients] }
encoder: { family: plain, options: { width: 32, features: 16 } }
pretext: { task: scarf, epochs: 2, batchSize: 32 }
finetune:
  budgets: [{ perClass: 30 }]
  arms: [pretrained, baseline, reference-linear, reference-trees]
  seeds: 2
  minimumSteps: 150
  learningRate: 0.01
`;

test('a table goes from its columns to a comparison, to answers for other rows, and elsewhere', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'patients.csv');
  writeFileSync(file, tableOf(0, ROWS));
  const program = await startProgram();
  const { page, errors } = program;
  await openNewProject(program, { directory: join(folder, 'table.pretext'), name: 'Table' });
  await goTo(page, 'Data');
  await page.getByRole('button', { name: 'Import data' }).first().click();
  await answerDialog(program, file);
  await page.getByRole('button', { name: 'Choose file…' }).click();

  const role = (name: string) => page.getByLabel(`What ${name} is`, { exact: true });
  await role('age').waitFor();
  const names = ['id', 'age', 'town', 'dose', 'share', 'outcome'];
  const roles = async () => Promise.all(names.map((name) => role(name).inputValue()));
  expect(await roles()).toEqual([
    'left-out',
    'whole-number',
    'category',
    'left-out',
    'whole-number',
    'category',
  ]);
  await page.getByText('“old” in row 9. It counts as missing.').first().waitFor();

  await role('outcome').selectOption('Target (label)');
  await page.getByText('The target is “outcome”.').waitFor();
  await role('share').selectOption('Weight');
  await role('town').selectOption('Ordered category');
  await page.getByLabel('Order of town, the lowest first').fill('Chur < Basel < Bern');
  await page.getByLabel('Order of town, the lowest first').blur();
  await chooseAndTakeBack(program);
  await role('age').scrollIntoViewIfNeeded();
  expect(await audit(program, 'import-table')).toEqual([]);
  expect(await roles()).toEqual([
    'left-out',
    'whole-number',
    'ordered-category',
    'left-out',
    'weight',
    'target',
  ]);

  await page.getByRole('button', { name: 'Import 1 file' }).click();
  await page
    .getByRole('button', { name: /^patients.*200 rows.*200 labeled, 2 classes.*2 columns/s })
    .waitFor({ timeout: 60_000 });

  await page.getByRole('button', { name: /^patients.*200 rows/s }).click();
  const grid = page.getByRole('grid', { name: 'Rows of patients' });
  await grid.getByRole('row').nth(3).waitFor();
  expect(await grid.getAttribute('aria-rowcount')).toBe('201');
  // By the keyboard alone: up to the names, along to the age, and twice Enter.
  await grid.focus();
  for (const key of ['ArrowUp', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter'])
    await page.keyboard.press(key);
  await page.getByRole('columnheader', { name: 'age' }).and(page.locator('[aria-sort=ascending]')).waitFor();
  // Its order is turned, and given up, from where the keys were left.
  await page.keyboard.press('Enter');
  await page.getByRole('columnheader', { name: 'age' }).and(page.locator('[aria-sort=descending]')).waitFor();
  for (const key of ['Enter', 'Enter']) await page.keyboard.press(key);
  await page.getByRole('columnheader', { name: 'age' }).and(page.locator('[aria-sort=ascending]')).waitFor();
  // The least of all ages is 20, in the first row of the file: by its column.
  await grid.getByRole('row').nth(1).getByRole('gridcell', { name: '20', exact: true }).waitFor();
  await page.getByText(/with the target: .* they share .* bit/).waitFor();
  await page.getByLabel('From').fill('60');
  await page.locator('#main').getByRole('button', { name: 'Show', exact: true }).click();
  await page.getByRole('button', { name: 'Remove the filter age: at least 60' }).waitFor();
  expect(await audit(program, 'table-rows')).toEqual([]);
  await page.locator('fieldset label', { hasText: 'Details' }).click();
  await page.getByText('Each sample counts as much as “share” says').waitFor();

  await compare(program, folder);
  await answerOtherRows(program, folder);
  expect(errors).toEqual([]);
}, 400_000);

/** What may be left unsaid is said, and taken back, by the keyboard alone. */
async function chooseAndTakeBack({ page }: Program): Promise<void> {
  const said = (word: string) => page.getByRole('combobox', { name: `Order of day and month: ${word}` });
  await said('Default').focus();
  for (const key of ['Enter', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
  await said('Day first').waitFor();
  for (const key of ['Enter', 'Home', 'Enter']) await page.keyboard.press(key);
  await said('Default').waitFor();
}

/** Pretraining is shown on the rows, the study runs, and its answer leads to the rows behind it. */
async function compare(program: Program, folder: string): Promise<void> {
  const { page } = program;
  await goTo(page, 'Pretext');
  await page.getByRole('combobox', { name: /^Pretext task:/ }).click();
  await page.getByRole('option', { name: /^SCARF/ }).click();
  await page
    .getByText(/replaced: /)
    .first()
    .waitFor({ timeout: 60_000 });
  expect(await audit(program, 'table-pretext')).toEqual([]);
  writeFileSync(join(folder, 'patients.yaml'), RECIPE);
  await drop(program, join(folder, 'patients.yaml'));
  await page.getByRole('button', { name: 'Run the study' }).click();
  await page.getByRole('heading', { name: 'Scores' }).waitFor({ timeout: 240_000 });
  await page.getByText('So far: not every run is finished.').waitFor({ state: 'detached', timeout: 240_000 });
  await page.getByText('“share”').first().waitFor();
  for (const arm of ['Linear reference', 'Boosted trees']) await page.getByText(arm).first().waitFor();
  expect(await audit(program, 'table-compare')).toEqual([]);
  const matrix = page.getByRole('region', { name: 'Baseline, confusion matrix' });
  await matrix.getByRole('button', { name: /^ill taken for ill/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Right answers', level: 1 }).waitFor();
  await page.getByRole('option').first().waitFor();
  expect(await audit(program, 'table-errors')).toEqual([]);
}

async function answerOtherRows(program: Program, folder: string): Promise<void> {
  const { application, page } = program;
  writeFileSync(
    join(folder, 'new.csv'),
    tableOf(300, 6)
      .replace(/,(well|ill)$/gm, ',')
      .replace('Basel', 'Genf')
      .replace('outcome', 'note'),
  );
  await goTo(page, 'Models');
  await page.getByRole('button', { name: 'baseline-1' }).click();
  await page.getByText('Drop files or folders here').waitFor();
  await drop(program, join(folder, 'new.csv'));
  await page.getByRole('heading', { name: '6 answers' }).waitFor({ timeout: 120_000 });
  await page.getByText(/“Genf” in “town” is not one of/).waitFor();
  expect(await audit(program, 'table-answers')).toEqual([]);
  const section = page.getByRole('region', { name: 'Answers' });
  const answers = join(folder, 'answers.csv');
  await application.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = (async () => ({ canceled: false, filePath })) as never;
  }, answers);
  await section.getByRole('button', { name: 'Save answers' }).click();
  await page.getByText('Saved 6 answers.').waitFor({ timeout: 60_000 });
  expect(readFileSync(answers, 'utf8').trimEnd().split('\r\n')).toHaveLength(7);

  await answerDialog(program, folder);
  await page.getByRole('button', { name: 'Export…' }).click();
  await page.getByRole('radio', { name: /^PyTorch/ }).check();
  await page.getByRole('button', { name: 'Choose a folder…' }).click();
  await page
    .getByText(/^Wrote 4 files/)
    .first()
    .waitFor();
  expect(readdirSync(join(folder, 'baseline-1-safetensors')).sort()).toContain('model.py');
}
