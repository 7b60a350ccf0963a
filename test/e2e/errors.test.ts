/** From a cell of the confusion matrix to the samples behind it, to a corrected label, and back. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importSchema } from '../../src/contract/recipe/recipe.ts';
import {
  closeProject,
  findDataset,
  openProject as openFolder,
  readGroups,
  readSampleArrays,
} from '../../src/project/index.ts';
import { addAnsweredStudy } from '../fixtures/answers.ts';
import { inProject } from '../fixtures/finished-project.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { until } from '../fixtures/studies.ts';
import { audit } from './audit.ts';
import { goTo, openProject } from './pages.ts';
import { startProgram, temporaryFolder } from './program.ts';

const PATIENCE_MS = 60_000;

/** Cats and dogs of six subjects, and a study that took some cats for dogs. */
async function answeredProject(folder: string): Promise<string> {
  const images = join(folder, 'images');
  await writeSmallImages(images, 30);
  const rows = ['cat', 'dog'].flatMap((name) =>
    Array.from({ length: 30 }, (_, i) => `${name}/${i}.png,${name},S${(i % 6) + 1}`),
  );
  const labels = join(folder, 'subjects.csv');
  writeFileSync(labels, ['file,label,subject', ...rows].join('\n'));
  const directory = join(folder, 'a.pretext');
  await inProject(
    directory,
    async (client) => {
      const options = importSchema.parse({
        path: images,
        format: 'image-folder',
        labels,
        group: 'subject',
        split: { by: 'column', column: 'subject', validation: ['S4'], test: ['S5', 'S6'] },
      });
      await client.dataset.import({ name: 'small', options });
      await until('the images are imported', async () => (await client.dataset.list()).length === 1);
    },
    { createName: 'A' },
  );
  const project = openFolder(directory);
  try {
    const { key, dataset } = findDataset(project, 'small')!;
    const { splits, classIds } = await readSampleArrays(project, key, dataset.sampleCount);
    const { ids: groups } = await readGroups(project, key, dataset.sampleCount);
    const samples = [...splits.keys()].filter((index) => splits[index] === 2);
    const cat = dataset.classes.findIndex(({ name }) => name === 'cat');
    const common = {
      samples,
      targets: samples.map((index) => classIds[index]!),
      groups: samples.map((index) => groups[index]!),
    };
    /** How sure it is of the right class. */
    const said = (sure: (index: number) => number) =>
      samples.map((index) => {
        const right = sure(index);
        return classIds[index] === 0 ? [right, 1 - right] : [1 - right, right];
      });
    /** More often with the sixth subject. */
    const wrong = (index: number) =>
      classIds[index] === cat &&
      (Math.floor(index / 6) % 3 === 0 || (index % 6 === 5 && Math.floor(index / 6) % 2 === 0));
    await addAnsweredStudy(
      project,
      [1, 2].flatMap((seed) => [
        {
          ...common,
          arm: 'pretrained' as const,
          seed,
          said: said((index) => (wrong(index) ? 0.4 - 0.01 * index - 0.02 * seed : 0.9)),
        },
        {
          ...common,
          arm: 'baseline' as const,
          seed,
          said: said((index) => (wrong(index) || index % 4 === seed ? 0.3 : 0.7)),
        },
      ]),
      { classNames: dataset.classes.map(({ name }) => name), metric: 'balanced-accuracy' },
    );
  } finally {
    closeProject(project);
  }
  return directory;
}

test('a cell leads to its samples, where a label is corrected, and undone', async () => {
  const folder = temporaryFolder();
  const directory = await answeredProject(folder);
  const program = await startProgram();
  const { application, page, errors } = program;
  await application.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 800),
  );
  page.setDefaultTimeout(PATIENCE_MS);
  const found: string[] = [];
  const look = async (name: string) => void found.push(...(await audit(program, name)));
  await openProject(program, directory);
  await goTo(page, 'Compare');
  await page.getByRole('heading', { name: 'By group' }).scrollIntoViewIfNeeded();
  await look('compare-groups');

  // By keyboard: one stop of the tab key, then the arrows.
  const matrix = page.getByRole('region', { name: 'Pretrained, confusion matrix' });
  await matrix.getByRole('button', { name: /^cat taken for cat/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Errors', level: 1 }).waitFor();
  await page.getByText(/^\d+ of 20 test samples, worst first by loss$/).waitFor();
  const tiles = page.getByRole('option');
  await tiles.first().waitFor();
  const names = tiles.locator('.visually-hidden');
  const worst = await names.first().textContent();
  expect(worst).toMatch(/^Sample \d+: cat → dog, loss \d/);
  const losses = (await names.allTextContents()).map((name) => Number(/loss ([\d.]+)/.exec(name)?.[1]));
  expect(losses.length).toBeGreaterThan(1);
  expect(losses).toEqual(losses.toSorted((a, b) => b - a));
  await page.locator('main img').first().waitFor();
  await look('errors');

  const size = (width: number, height: number) =>
    application.evaluate(
      ({ BrowserWindow }, wanted) =>
        BrowserWindow.getAllWindows()[0]?.setContentSize(wanted.width, wanted.height),
      { width, height },
    );
  await size(900, 600);
  await page.waitForFunction(() => innerWidth < 910);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await look('errors-small');
  await size(1280, 800);

  await page.getByRole('listbox', { name: 'Samples of small' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/^Wrongly taken for dog by 2 of 2 seeds, \d+ % sure; loss \d/).waitFor();
  await dialog.getByLabel('Label', { exact: true }).fill('dog');
  await dialog.getByRole('button', { name: 'Save label' }).click();
  // Nothing changes until somebody has said yes.
  await dialog.getByText(/^This is a test sample\./).waitFor();
  await look('errors-test-sample');
  await dialog.getByRole('button', { name: 'Change the test sample' }).click();
  await dialog.getByRole('heading', { name: 'dog' }).waitFor();
  await dialog.getByText('Imported as cat.').waitFor();
  // The study's answer stays what it was.
  await page.keyboard.press('Escape');
  await page.getByRole('option', { name: `${worst}, changed since the import` }).waitFor();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByRole('option', { name: worst!, exact: true }).waitFor();

  const saved = join(folder, 'errors.csv');
  await application.evaluate(({ dialog: dialogs }, chosen) => {
    dialogs.showSaveDialog = (() => Promise.resolve({ canceled: false, filePath: chosen })) as never;
  }, saved);
  await page.getByRole('button', { name: 'Save as CSV' }).click();
  await page.getByText(`Saved ${losses.length} answers.`).waitFor();
  expect(readFileSync(saved, 'utf8').trimEnd().split('\r\n')).toHaveLength(losses.length + 1);

  await page.getByRole('button', { name: 'Back to the comparison' }).click();
  await page
    .getByRole('button', { name: /^S\d, Pretrained: .*, look at the errors$/ })
    .first()
    .click();
  await page.getByText(/^\d+ of 10 test samples, worst first by loss$/).waitFor();

  // The versions are told where the dataset is, and lists of labels go out and come in.
  await goTo(page, 'Data');
  await page.getByRole('button', { name: /^small/ }).click();
  await page.locator('fieldset label', { hasText: 'Details' }).click();
  await page.getByText('0 samples differ from the import, which itself stays as it was.').waitFor();
  await look('label-versions');
  const list = join(folder, 'labels.csv');
  const menu = async (entry: string) => {
    await page.getByRole('button', { name: 'More about small' }).click();
    await page.getByRole('menuitem', { name: entry }).click();
  };
  await application.evaluate(({ dialog: dialogs }, chosen) => {
    dialogs.showSaveDialog = (() => Promise.resolve({ canceled: false, filePath: chosen })) as never;
    dialogs.showOpenDialog = (() => Promise.resolve({ canceled: false, filePaths: [chosen] })) as never;
  }, list);
  await menu('Export labels (CSV)…');
  await page.getByText('Saved the labels of 60 samples.').waitFor();
  const [head, ...lines] = readFileSync(list, 'utf8').trimEnd().split('\r\n');
  const changed = lines.map((line) =>
    line.includes(',train,') ? line.replace(',cat,cat,', ',dog,cat,') : line,
  );
  writeFileSync(list, [head, ...changed, '77,,,,cat,,'].join('\r\n'));
  await menu('Import labels (CSV)…');
  await page.getByText(/^15 samples changed\./).waitFor();
  await page.getByText('There is no sample 77: they are numbered from 0 to 59.').waitFor();
  await look('labels-from-list');
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Undo the last change' }).click();
  await page.getByText('0 samples differ from the import, which itself stays as it was.').waitFor();
  expect(found).toEqual([]);
  expect(errors).toEqual([]);
}, 300_000);
