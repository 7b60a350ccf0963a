/**
 * The way to a pretext task by clicks: what fits the data, a tournament with its plan, its ranking, the pretext form
 * filled in with the winner, and pretraining that goes on from a checkpoint.
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { beginPretext } from '../fixtures/survival.ts';
import { audit } from './audit.ts';
import { startProgram, temporaryFolder } from './program.ts';

const go = (page: Page, title: string) =>
  page.getByRole('navigation', { name: 'Project' }).getByRole('button', { name: title }).click();

async function makeProject(folder: string): Promise<string> {
  const project = join(folder, 'choice.pretext');
  await writeSmallImages(join(folder, 'cells'), 60);
  const argv = ['data', 'import', 'cells', '--name', 'cells', '--project', project];
  for (const words of [['project', 'create', project], argv]) {
    const { status, stderr } = await beginPretext(folder, words).ended;
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  }
  return project;
}

/** A number of the form, typed over. */
async function fill(page: Page, label: string, value: string): Promise<void> {
  const box = page.getByRole('textbox', { name: label, exact: true });
  await box.fill(value);
  await box.press('Tab');
}

test('finds the task that suits, and pretrains with it from a checkpoint', async () => {
  const project = await makeProject(temporaryFolder());
  const program = await startProgram();
  const { application, page, errors } = program;
  await application.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 800),
  );
  await page.evaluate((directory) => window.pretext.openProject({ directory }), project);
  await page.reload();
  await page
    .getByRole('button', { name: /^choice/i })
    .first()
    .click();
  const found: string[] = [];

  // Grey images have no colours to predict, and the list of tasks says so.
  await go(page, 'Pretext');
  await page.getByRole('combobox', { name: /^Pretext task:/ }).click();
  const colorization = page.getByRole('option', { name: /Colorization/ });
  await colorization.scrollIntoViewIfNeeded();
  expect(await colorization.getAttribute('aria-disabled')).toBe('true');
  expect(await colorization.innerText()).toContain('needs data of 3 channels. Found: 1');
  found.push(...(await audit(program, 'task-picker')));
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Find the task that suits' }).click();
  await page.getByRole('heading', { name: 'Find the task that suits' }).waitFor();
  await page.getByText(/The advisor begins with 4 tasks of different kinds/).waitFor();
  expect(await page.getByRole('checkbox', { name: 'Colorization' }).isDisabled()).toBe(true);
  const boxes = page.getByRole('group', { name: 'Pretext tasks that compete' }).getByRole('checkbox');
  for (const box of await boxes.all()) if (await box.isChecked()) await box.uncheck();
  await page.getByText('At least two tasks must compete.').waitFor();
  for (const task of ['Rotation prediction', 'Denoising autoencoder'])
    await page.getByRole('checkbox', { name: new RegExp(`^${task}`) }).check();
  await page.getByText('Samples', { exact: true }).click();
  await fill(page, 'Epochs', '1');
  await fill(page, 'Rounds', '1');
  await fill(page, 'Learning rates', '1');
  const plan = page.getByRole('status', { name: 'Plan of the tournament' });
  await plan.getByText('2 candidates, 1 epoch each').waitFor();
  expect(await plan.innerText()).toMatch(/About \d+ s, by a rule of thumb/);
  found.push(...(await audit(program, 'tournament-form')));
  await page.getByRole('button', { name: 'Let 2 tasks compete' }).click();

  // One run each, then the ranking and its reason.
  const ranking = page.getByRole('region', { name: 'Tournament' });
  await ranking.getByText(/is recommended: \d+\.\d % by linear probe on \d+ validation samples/).waitFor({
    timeout: 120_000,
  });
  expect(await ranking.getByRole('img', { name: /^Scores of the candidates: / }).count()).toBe(1);
  expect(await ranking.getByRole('row').count()).toBe(3);
  found.push(...(await audit(program, 'tournament-ranking')));
  const winner = await ranking.getByRole('button', { name: /^Set up pretraining with/ }).innerText();
  await ranking.getByRole('button', { name: /^Set up pretraining with/ }).click();

  // The form holds the winner; it goes on from the checkpoint that the tournament left.
  const title = winner.replace('Set up pretraining with ', '');
  await page.getByRole('combobox', { name: `Pretext task: ${title}` }).waitFor();
  await page.getByRole('combobox', { name: /^Start from:/ }).click();
  await page
    .getByRole('option', { name: /last \(epoch 1\)/ })
    .first()
    .click();
  await page.getByText('The checkpoint’s encoder goes on learning as it is').waitFor();
  await fill(page, 'Epochs', '1');
  await page.getByRole('button', { name: /^Pretrain on/ }).click();
  await page.getByText(/Its encoder began with the weights of/).waitFor();
  await page.getByRole('heading', { name: 'Pretext loss' }).waitFor({ timeout: 60_000 });

  expect(found).toEqual([]);
  expect(errors).toEqual([]);
}, 300_000);
