/** What a study found is taken elsewhere: a report to hand on, and its models for other programs. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { connectService } from '../../src/client/service.ts';
import { recipeSchema } from '../../src/contract/recipe/recipe.ts';
import { createNodeHost } from '../../src/host/node.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { untilStudy } from '../fixtures/studies.ts';
import { audit, violations } from './audit.ts';
import { goTo, openProject } from './pages.ts';
import { startProgram, temporaryFolder, type Program } from './program.ts';

/** A small study by the real trainer: nothing else leaves a model that can be exported. */
async function trainedProject(folder: string): Promise<string> {
  const images = join(folder, 'small');
  await writeSmallImages(images, 15);
  const project = join(folder, 'small.pretext');
  const service = await connectService(createNodeHost(), {
    folder: project,
    createName: 'Small',
    queue: 'on',
  });
  try {
    const recipe = recipeSchema.parse({
      name: 'Small images',
      data: { import: { small: { path: images, format: 'image-folder' } }, pretrain: ['small'] },
      encoder: { family: 'residual', options: { width: 8, stages: 2, features: 16 } },
      pretext: { task: 'simclr', epochs: 2, batchSize: 8 },
      finetune: {
        budgets: [{ perClass: 4 }, { perClass: 8 }],
        arms: ['pretrained', 'baseline'],
        seeds: 2,
        epochs: 2,
        minimumSteps: 8,
        batchSize: 8,
      },
    });
    const { id } = await service.client.study.start({ recipe });
    await untilStudy(service.client, id, 'done');
  } finally {
    await service.close();
  }
  return project;
}

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

test('a report is saved as HTML and PDF, and a model is exported, by clicks', async () => {
  const folder = temporaryFolder();
  const directory = await trainedProject(folder);
  const program = await startProgram();
  const { application, page, errors } = program;
  await openProject(program, directory);

  await goTo(page, 'Compare');
  const more = page.getByRole('button', { name: 'More about Small images' });
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

  const report = await openReport(program, html);
  await report.screenshot({ path: 'test-results/screenshots/report.png', fullPage: true });
  expect(await violations(report)).toEqual([]);
  await report.close();

  await goTo(page, 'Runs');
  await page.getByRole('button', { name: 'baseline-1', exact: true }).first().click();
  await page.getByRole('button', { name: 'Export…' }).click();
  await page.getByRole('dialog').waitFor();
  const found = await audit(program, 'export');
  await page.getByRole('radio', { name: /^PyTorch/ }).check();
  await application.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = (async () => ({ canceled: false, filePaths: [chosen] })) as never;
  }, folder);
  await page.getByRole('button', { name: 'Choose a folder…' }).click();
  await page
    .getByText(/^Wrote 4 files/)
    .first()
    .waitFor();
  expect(readdirSync(join(folder, 'baseline-1-safetensors')).sort()).toEqual([
    'README.md',
    'description.json',
    'model.py',
    'model.safetensors',
  ]);

  // Once more to the same place: nothing is written over, and the dialog says so.
  await page.getByRole('button', { name: 'Export…' }).click();
  await page.getByRole('radio', { name: /^PyTorch/ }).check();
  await page.getByRole('button', { name: 'Choose a folder…' }).click();
  await page.getByText('There is something under this name already').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();

  await goTo(page, 'Models');
  await page
    .getByRole('button', { name: /baseline-1/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Export…' }).click();
  await page.getByRole('radio', { name: /^ONNX/ }).check();
  await page.getByRole('button', { name: 'Choose a folder…' }).click();
  await page
    .getByText(/^Wrote 3 files for ONNX/)
    .first()
    .waitFor();
  expect(readdirSync(join(folder, 'baseline-1-onnx')).sort()).toEqual([
    'README.md',
    'description.json',
    'model.onnx',
  ]);
  await program.screenshot('model-exported');
  expect(found).toEqual([]);
  expect(errors).toEqual([]);
});
