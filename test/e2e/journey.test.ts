/**
 * The whole way in the window: an own folder becomes a dataset, a study runs on it, its report is read, its model
 * answers new pictures and says why, the answers are saved, and the model is taken elsewhere.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { writeSides } from '../fixtures/sides.ts';
import { audit, violations } from './audit.ts';
import { answerDialog, drop, goTo, openNewProject } from './pages.ts';
import { startProgram, temporaryFolder, type Program } from './program.ts';

const saveTo = ({ application }: Program, path: string) =>
  application.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = (async () => ({ canceled: false, filePath })) as never;
  }, path);

/** The report as whoever gets it sees it, in a window of its own. */
async function openReport({ application }: Program, file: string) {
  const opened = application.waitForEvent('window');
  await application.evaluate(({ BrowserWindow, session }, url) => {
    const window = new BrowserWindow({
      width: 960,
      height: 1180,
      webPreferences: { session: session.fromPartition('reader') },
    });
    void window.loadURL(url);
  }, pathToFileURL(file).href);
  const page = await opened;
  await page.waitForLoadState();
  return page;
}

const RECIPE = `name: Sides
data: { pretrain: [sides] }
encoder: { options: { width: 8, stages: 2, features: 16 } }
pretext: { task: simclr, epochs: 2, batchSize: 16 }
finetune: { budgets: [{ perClass: 10 }], arms: [pretrained, baseline], seeds: 2, epochs: 8, minimumSteps: 60 }
`;

test('from an own folder to answers for new pictures, a report and a model for elsewhere', async () => {
  const folder = temporaryFolder();
  await writeSides(join(folder, 'sides'), 40, 1);
  await writeSides(join(folder, 'new'), 6, 2);
  writeFileSync(join(folder, 'new', 'broken.png'), 'no picture');
  writeFileSync(join(folder, 'sides.yaml'), RECIPE);
  const program = await startProgram();
  const { page, errors } = program;
  const found: string[] = [];
  const look = async (name: string) => void found.push(...(await audit(program, name)));
  await openNewProject(program, { directory: join(folder, 'a.pretext'), name: 'Sides study' });

  await page.getByRole('navigation', { name: 'Project' }).waitFor();
  await drop(program, join(folder, 'sides'));
  await page.getByRole('button', { name: 'Import 80 files' }).click({ timeout: 60_000 });
  await page.getByRole('button', { name: /^sides/ }).click({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Pretrain on it' }).waitFor();
  await drop(program, join(folder, 'sides.yaml'));
  await page.getByRole('button', { name: 'Run the study' }).click();
  // What it says is a matter of two seeds.
  await page.getByRole('heading', { name: 'Scores' }).waitFor({ timeout: 240_000 });
  await page.getByText('So far: not every run is finished.').waitFor({ state: 'detached', timeout: 240_000 });

  await lookAtReport(program, folder);
  const model = await answerNewPictures(program, folder, look);
  await takeElsewhere(program, folder, model, look);
  expect(found).toEqual([]);
  expect(errors).toEqual([]);
}, 900_000);

async function lookAtReport(program: Program, folder: string): Promise<void> {
  const { page } = program;
  const more = page.getByRole('button', { name: 'More about Sides' });
  const html = join(folder, 'report.html');
  await saveTo(program, html);
  await more.click();
  await page.getByRole('menuitem', { name: 'Save a report (HTML)…' }).click();
  await page.getByText('Saved the report.').first().waitFor();
  expect(readFileSync(html, 'utf8')).toContain('How it was measured');
  const pdf = join(folder, 'report.pdf');
  await saveTo(program, pdf);
  await more.click();
  await page.getByRole('menuitem', { name: 'Save a report (PDF)…' }).click();
  await expect.poll(() => existsSync(pdf), { timeout: 60_000 }).toBe(true);
  const printed = readFileSync(pdf);
  expect(printed.subarray(0, 5).toString()).toBe('%PDF-');
  expect(printed.length).toBeGreaterThan(20_000);
  await answerDialog(program, folder);
  await more.click();
  await page.getByRole('menuitem', { name: 'Save figures (SVG, PNG)…' }).click();
  await page.getByText('Wrote 6 files.').waitFor();
  expect(readdirSync(join(folder, 'sides-figures')).sort()).toEqual(
    ['confusion-baseline-20', 'confusion-pretrained-20', 'scores'].flatMap((name) => [
      `${name}.png`,
      `${name}.svg`,
    ]),
  );

  const report = await openReport(program, html);
  await report.screenshot({ path: 'test-results/screenshots/report.png', fullPage: true });
  expect(await violations(report)).toEqual([]);
  await report.close();
}

type Look = (name: string) => Promise<void>;

/** Gives the name of the model. */
async function answerNewPictures(program: Program, folder: string, look: Look): Promise<string> {
  const { page } = program;
  await goTo(page, 'Models');
  await page.getByRole('cell', { name: '2 classes: bottom, top' }).first().waitFor();
  await look('models');
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
  await look('model-answers');

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
  await look('model-answer');
  await page.keyboard.press('Escape');

  const file = join(folder, 'answers.csv');
  await saveTo(program, file);
  await section.getByRole('button', { name: 'Save answers' }).click();
  await page.getByText('Saved 12 answers.').waitFor({ timeout: 60_000 });
  const lines = readFileSync(file, 'utf8').trimEnd().split('\r\n');
  expect(lines).toHaveLength(13);
  expect(lines.filter((line) => /\/(top|bottom)\/\d\.png,\1,/.test(line)).length).toBeGreaterThanOrEqual(11);
  return 'baseline-1';
}

async function takeElsewhere(program: Program, folder: string, model: string, look: Look): Promise<void> {
  const { page } = program;
  const exportAs = async (format: RegExp) => {
    await page.getByRole('button', { name: 'Export…' }).click();
    await page.getByRole('radio', { name: format }).check();
  };
  const choose = () => page.getByRole('button', { name: 'Choose a folder…' }).click();
  await answerDialog(program, folder);
  await exportAs(/^ONNX/);
  await look('export');
  await choose();
  await page
    .getByText(/^Wrote 3 files for ONNX/)
    .first()
    .waitFor();
  const names = ['README.md', 'description.json'];
  expect(readdirSync(join(folder, `${model}-onnx`)).sort()).toEqual([...names, 'model.onnx']);

  // Once more to the same place: nothing is written over, and the dialog says so.
  await exportAs(/^ONNX/);
  await choose();
  await page.getByText('There is something under this name already').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();

  // A run exports its model as well.
  await goTo(page, 'Runs');
  await page.getByRole('button', { name: model, exact: true }).first().click();
  await exportAs(/^PyTorch/);
  await choose();
  await page
    .getByText(/^Wrote 4 files/)
    .first()
    .waitFor();
  expect(readdirSync(join(folder, `${model}-safetensors`)).sort()).toEqual([
    ...names,
    'model.py',
    'model.safetensors',
  ]);
  await program.screenshot('model-exported');
}
