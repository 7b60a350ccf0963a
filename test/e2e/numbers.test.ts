/** A person’s own images with a table of numbers: imported, looked through for copies, pretrained, paused, compared. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { audit } from './audit.ts';
import { answerDialog, goTo, openNewProject } from './pages.ts';
import { startProgram, temporaryFolder } from './program.ts';

const SIDE = 16;
const IMAGES = 150;

/** Stripes whose angle is the number to predict; three visits, of which the third is for testing. */
async function writeImages(folder: string): Promise<{ images: string; labels: string }> {
  const images = join(folder, 'angles');
  mkdirSync(images);
  const lines = ['file,target,visit'];
  const raw = { width: SIDE, height: SIDE, channels: 1 as const };
  const draw = (at: number) =>
    Uint8Array.from({ length: SIDE * SIDE }, (_, pixel) => {
      const angle = (Math.PI * at) / IMAGES;
      const along = (pixel % SIDE) * Math.cos(angle) + Math.floor(pixel / SIDE) * Math.sin(angle);
      return Math.round(120 + 70 * Math.sin(1.3 * along + at * at) + 30 * Math.sin(7.7 * pixel * (at + 1)));
    });
  for (let at = 0; at < IMAGES; at++) {
    await sharp(draw(at), { raw })
      .png()
      .toFile(join(images, `${at}.png`));
    lines.push(`${at}.png,${((180 * at) / IMAGES).toFixed(1)},${[1, 1, 1, 2, 3][at % 5]}`);
  }
  // A training image, once more and a little brighter, among the test images.
  await sharp(
    draw(0).map((value) => Math.min(255, value + 12)),
    { raw },
  )
    .png()
    .toFile(join(images, 'again.png'));
  lines.push('again.png,0.0,3');
  const labels = join(folder, 'angles.csv');
  writeFileSync(labels, `${lines.join('\n')}\n`);
  return { images, labels };
}

test('a table of numbers is imported, pretraining paused and resumed, and two budgets compared, by clicks', async () => {
  const folder = temporaryFolder();
  const { images, labels } = await writeImages(folder);
  // So little memory that large batches need an offer.
  const program = await startProgram({ environment: { PRETEXT_MEMORY_GB: '0.66' } });
  const { page, errors } = program;
  await openNewProject(program, { directory: join(folder, 'angles.pretext'), name: 'Angles' });
  const go = (title: string) => goTo(page, title);
  const choose = async (label: string, option: string) => {
    await page.getByLabel(new RegExp(`^${label}:`)).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };
  const found: string[] = [];
  const look = async (name: string) => void found.push(...(await audit(program, name)));

  await go('Data');
  await page.getByRole('button', { name: 'Import data' }).first().click();
  await answerDialog(program, images);
  await page.getByRole('button', { name: 'Choose folder…' }).click();
  await answerDialog(program, labels);
  await page.getByRole('button', { name: 'Take labels from a file…' }).click();
  await choose('Target', 'Number');
  await page.locator('fieldset label', { hasText: 'By a column' }).click();
  await page.getByLabel('Column', { exact: true }).fill('visit');
  for (const [split, value] of [
    ['Validation', '2'],
    ['Test', '3'],
  ] as const) {
    await page.getByLabel(split, { exact: true }).fill(value);
    await page.getByLabel(split, { exact: true }).blur();
  }
  await look('import-numbers');
  await page.getByRole('button', { name: `Import ${IMAGES + 1} files` }).click();
  await page.getByRole('button', { name: /^angles.*151 with a number/ }).click({ timeout: 60_000 });

  await page.locator('fieldset label', { hasText: 'Copies (1)' }).click();
  await page.getByText('1 of 31 test samples is a copy, or nearly so, of training samples.').waitFor();
  await page.locator('main figure img, main figure canvas').nth(1).waitFor();
  await look('dataset-copies');
  await page.getByRole('button', { name: 'Leave 1 copy out of training' }).click();
  await page.getByRole('button', { name: 'Bring them back' }).waitFor();

  await go('Settings');
  await page.locator('fieldset label', { hasText: 'A number' }).click();
  await page.getByLabel('Number of threads', { exact: true }).fill('1');
  await page.getByLabel('Number of threads', { exact: true }).blur();
  await page.getByText(/free for other programs|All that the processor/).waitFor();
  await page.getByText(/by TensorFlow/).waitFor({ timeout: 60_000 });
  await look('settings-training');

  await go('Data');
  await page.getByRole('button', { name: /^angles/ }).click();
  await page.getByRole('button', { name: 'Pretrain on it' }).click();
  await page.getByText(/Needs about 0\.\d GB of memory; 0\.7 GB are free/).waitFor({ timeout: 60_000 });
  const fill = async (label: string, value: string) => {
    await page.getByLabel(label, { exact: true }).fill(value);
    await page.getByLabel(label, { exact: true }).blur();
  };
  await fill('Batch size', '512');
  await page.getByText(/but only 0\.7 GB are free/).waitFor({ timeout: 60_000 });
  expect(await page.getByRole('button', { name: /^Pretrain on/ }).isEnabled()).toBe(false);
  await look('pretext-memory');
  await page.getByRole('button', { name: /^Batches of \d+ \(0\.\d GB\)/ }).click();
  await page.getByText(/Needs about 0\.\d GB of memory; 0\.7 GB are free/).waitFor({ timeout: 60_000 });
  expect(Number(await page.getByLabel('Batch size', { exact: true }).inputValue())).toBeLessThan(512);
  await fill('Batch size', '32');
  await fill('Epochs', '60');
  await page.getByRole('button', { name: 'Pretrain on 89 samples' }).click();
  const dock = page.getByRole('contentinfo', { name: 'Running work' });
  await dock.getByText(/^loss/).waitFor({ timeout: 120_000 });
  await dock.getByRole('button', { name: /^Pause / }).click();
  await dock.getByText('paused').first().waitFor({ timeout: 60_000 });
  await look('run-paused');
  await dock.getByRole('button', { name: /^Resume / }).click();
  await page.getByRole('button', { name: 'Fine-tune from it' }).waitFor({ timeout: 180_000 });
  await page.locator('fieldset label', { hasText: 'Configuration' }).click();
  const environment = page.locator('section', { has: page.getByRole('heading', { name: 'Environment' }) });
  expect(await environment.innerText()).toMatch(/Threads\s+1\n/);
  await page.getByRole('button', { name: 'Fine-tune from it' }).click();

  await page.getByRole('button', { name: /^Remove \d+ labels/ }).click();
  await page.locator('fieldset label', { hasText: 'In all' }).click();
  for (const count of ['20', '60']) {
    await page.getByLabel('Number of labels').fill(count);
    await page.getByRole('button', { name: 'Add budget' }).click();
  }
  await page.getByLabel('Seeds', { exact: true }).fill('2');
  await page.getByLabel('Epochs', { exact: true }).fill('8');
  await page.getByRole('button', { name: /^Fine-tune \d+ runs$/ }).click();
  await page.getByText('So far: not every run is finished.').waitFor({ timeout: 180_000 });
  await page.getByText('So far: not every run is finished.').waitFor({ state: 'detached', timeout: 180_000 });
  await page.locator('fieldset', { hasText: '60 labels' }).first().waitFor();
  await page.getByText(/R²/).first().waitFor();
  await page.getByRole('heading', { name: 'Label efficiency' }).waitFor();
  await look('compare-numbers');
  expect(found).toEqual([]);
  expect(errors).toEqual([]);
}, 600_000);
