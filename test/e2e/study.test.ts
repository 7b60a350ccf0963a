import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { audit } from './audit.ts';
import { root, startProgram, temporaryFolder } from './program.ts';

const go = (page: Page, title: string) =>
  page.getByRole('navigation', { name: 'Project' }).getByRole('button', { name: title }).click();

/** The sample's project is made where documents lie: in a folder of this test. */
function documentsIn(folder: string): Record<string, string> {
  mkdirSync(join(folder, 'Documents'));
  writeFileSync(join(folder, 'user-dirs.dirs'), `XDG_DOCUMENTS_DIR="${join(folder, 'Documents')}"\n`);
  return { XDG_CONFIG_HOME: folder };
}

/** The sample as it ships, but shorter: what is looked at here are the pages, and whether the study comes to its end. */
function shortSamplesIn(folder: string): Record<string, string> {
  const [shipped, short] = [join(root, 'samples'), join(folder, 'samples')];
  mkdirSync(short);
  copyFileSync(join(shipped, 'index.yaml'), join(short, 'index.yaml'));
  symlinkSync(join(shipped, 'data'), join(short, 'data'));
  const recipe = readFileSync(join(shipped, 'chest-x-rays.yaml'), 'utf8');
  const shorter = recipe.replace('epochs: 25', 'epochs: 8').replace('seeds: 10', 'seeds: 3');
  expect(shorter.length).toBe(recipe.length - 2);
  writeFileSync(join(short, 'chest-x-rays.yaml'), shorter);
  return { PRETEXT_SAMPLES: short };
}

test('the image sample study runs to its comparison page by clicks alone', async () => {
  const folder = temporaryFolder();
  const environment = { ...documentsIn(folder), ...shortSamplesIn(folder) };
  const program = await startProgram({ environment });
  const { application, page, errors } = program;
  await application.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 800),
  );
  const found: string[] = [];
  const look = async (name: string) => void found.push(...(await audit(program, name)));

  await page.getByRole('button', { name: /See what pretraining buys on real chest X-rays/ }).waitFor();
  await look('start');
  await page.getByRole('button', { name: /See what pretraining buys on real chest X-rays/ }).click();

  // While it trains, every page answers.
  await page.getByRole('button', { name: /^Pause simclr/ }).waitFor({ timeout: 120_000 });
  await page
    .getByRole('contentinfo', { name: 'Running work' })
    .getByText(/epoch \d+\/\d+/)
    .waitFor({ timeout: 120_000 });
  await look('overview-running');
  await page.getByRole('contentinfo', { name: 'Running work' }).getByRole('button').first().click();
  await page.getByRole('heading', { name: 'Pretext loss' }).waitFor();
  await look('run-pretext');
  await go(page, 'Data');
  await look('data');
  await page.getByRole('button', { name: /^pneumoniamnist/ }).click();
  await page.getByRole('option', { name: /^Sample 0:/ }).waitFor();
  await page.locator('main img').nth(20).waitFor();
  await look('dataset-samples');
  for (const tab of ['Classes', 'Import report', 'Details']) {
    await page.locator('fieldset label', { hasText: tab }).click();
    await look(`dataset-${tab.toLowerCase().replace(' ', '-')}`);
  }
  await go(page, 'Pretext');
  await page.locator('main img').nth(5).waitFor({ timeout: 60_000 });
  expect(await page.getByRole('button', { name: /^Pretrain on 4,682 samples$/ }).isEnabled()).toBe(true);
  await look('pretext');
  await page.getByRole('button', { name: 'Views', exact: true }).click();
  // What is set shows in the previews at once.
  const view = () => page.locator('main img').nth(1).getAttribute('src');
  const before = await view();
  await page.getByLabel('Brightness', { exact: true }).fill('0.9');
  await page.keyboard.press('Tab');
  await expect.poll(view, { timeout: 60_000 }).not.toBe(before);
  await look('pretext-views');
  await go(page, 'Runs');
  await look('runs');
  await go(page, 'Settings');
  await page.getByRole('table').waitFor({ timeout: 60_000 });
  await look('settings');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  await look('palette');
  await page.keyboard.press('Escape');

  await go(page, 'Compare');
  await look('compare-waiting');
  const sentence = page.getByRole('heading', {
    level: 1,
    name: /^Pretraining (added|cost|made no measurable)/,
  });
  await sentence.waitFor({ timeout: 900_000 });
  await page.getByText('So far: not every run is finished.').waitFor({ state: 'detached', timeout: 900_000 });
  expect(await sentence.innerText()).toMatch(
    /95 % interval −?\d+\.\d+ to −?\d+\.\d+ for this pretraining, at 10 labels per class; the overfit gap/,
  );
  await look('compare');
  await page.getByRole('heading', { name: 'How it was measured' }).scrollIntoViewIfNeeded();
  await look('compare-end');

  await go(page, 'Overview');
  await look('overview');
  await page
    .getByRole('navigation', { name: 'Stages' })
    .getByRole('button', { name: /Transfer/ })
    .click();
  await page.getByRole('table').waitFor();
  await look('transfer');
  await page.getByRole('table').getByRole('button', { name: 'pretrained-1' }).click();
  await page.getByRole('heading', { name: 'Scores by seed' }).waitFor();
  await look('run-finetune');
  await page.locator('fieldset label', { hasText: 'Transfer report' }).click();
  await page.getByRole('table').waitFor();
  await look('run-transfer');
  await go(page, 'Fine-tune');
  await page.locator('main').getByRole('button', { name: 'Fine-tune 5 runs' }).waitFor();
  await look('finetune');

  expect(found).toEqual([]);
  expect(errors).toEqual([]);
}, 1_500_000);
