/**
 * From a dropped EDF file to a comparison: events become classes, the preparation is chosen by its preview, the
 * recording is looked through (from the dataset, from a sample and back, by keys, as recorded and as prepared), and a
 * short study is trained on it.
 *
 * `PRETEXT_SCROLL_HOURS=2` makes the recording as long, to measure how smoothly it scrolls; the times are printed.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { writeEdf } from '../fixtures/recordings/made-edf.ts';
import { audit } from './audit.ts';
import { drop, goTo, openNewProject } from './pages.ts';
import { startProgram, temporaryFolder } from './program.ts';

const RATE = 160;
const CHANNELS = 64;
const SECONDS = Math.round(Number(process.env['PRETEXT_SCROLL_HOURS'] ?? 0.04) * 3600);

test('a dropped recording is prepared, looked through, and trained on up to the comparison', async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'night');
  mkdirSync(data);
  const events = Array.from({ length: Math.floor(SECONDS / 30) }, (_, at) => ({
    seconds: at * 30,
    duration: 30,
    name: ['wake', 'sleep'][at % 2]!,
  }));
  writeEdf(join(data, 'one.edf'), {
    channels: CHANNELS,
    rate: RATE,
    seconds: SECONDS,
    events,
    // Channel 3 is flat from 20 s to 24 s.
    value: (row, channel, made) => (channel === 2 && row >= 20 * RATE && row < 24 * RATE ? 5 : made),
  });
  const program = await startProgram();
  const { page, errors } = program;
  await openNewProject(program, { directory: join(folder, 'night.pretext'), name: 'Night', height: 900 });
  await goTo(page, 'Data');
  await drop(program, data);
  await page.getByText(/Events: “wake”/).waitFor();
  await page.getByRole('textbox', { name: /^Names of label values/ }).fill('wake: awake\nsleep: asleep');
  const choose = async (what: RegExp, title: string) => {
    await page.getByRole('combobox', { name: what }).click();
    await page.getByRole('option', { name: title }).first().click();
  };
  await choose(/^Preset: /, 'EEG');
  await choose(/^Bad stretches: /, 'Left out');
  await page.getByRole('img', { name: /^After step 5/ }).waitFor();
  await page.getByRole('heading', { name: 'Before and after' }).scrollIntoViewIfNeeded();
  await program.screenshot('recording-prepared');
  await page.getByRole('button', { name: 'Import 1 file' }).click();
  await page.getByRole('button', { name: /^night.*windows/s }).click({ timeout: 200_000 });

  await page.getByRole('button', { name: 'Look through recordings' }).click();
  const stage = page.getByRole('group', { name: /^Recording, / });
  await stage.waitFor();
  await page.getByText(/In this picture: 1 event,\s+0 bad stretches/).waitFor();
  await stage.focus();
  await page.keyboard.press('b');
  await page.getByText(/In this picture: .*,\s+1 bad stretch,/).waitFor();
  await page.getByText('awake').first().waitFor({ state: 'attached' });
  await page.keyboard.press('-');
  await page.keyboard.press('ArrowUp');
  await page.waitForTimeout(600);
  await program.screenshot('recording');
  expect(await audit(program, 'recording')).toEqual([]);
  await page.keyboard.press('m');
  await page.keyboard.press('f');
  await page.getByRole('combobox', { name: 'Montage (M): Montage: Against the average' }).waitFor();
  await page.waitForTimeout(600);
  await program.screenshot('recording-filtered');
  await page.keyboard.press('f');
  await page.keyboard.press('f');
  await page.keyboard.press('f');
  await page.keyboard.press('m');
  await page.keyboard.press('m');

  const times = await page.evaluate(scrolled);
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(1);
  process.stdout.write(
    `[scroll] ${SECONDS / 3600} h of ${CHANNELS} channels, ${times.length} frames: median ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms\n`,
  );

  await page.getByRole('button', { name: 'Before and after preparation' }).click();
  await page.getByRole('img', { name: /^As recorded/ }).waitFor();
  await page.getByRole('heading', { name: 'Before and after' }).scrollIntoViewIfNeeded();
  await program.screenshot('recording-before-after');

  await page.getByText(/^In this picture/).click();
  await page
    .getByRole('button', { name: /^Window \d/ })
    .first()
    .click();
  await page
    .getByRole('dialog')
    .getByText(/one\.edf rows/)
    .waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Back to the dataset' }).click();
  await page.getByRole('option').first().click();
  await page.getByRole('button', { name: 'Show in its recording' }).click();
  await page.getByRole('group', { name: /^Recording, 0:00\.0/ }).waitFor();
  await program.screenshot('recording-of-sample');

  await program.application.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setContentSize(900, 600),
  );
  await page.waitForTimeout(300);
  await program.screenshot('recording-small');
  await trainShortly(page);
  await program.screenshot('recording-compared');
  expect(errors).toEqual([]);
}, 900_000);

/** A few steps of each stage, by the forms: what is looked at is that the way leads to its end. */
async function trainShortly(page: Page): Promise<void> {
  const set = async (name: string, value: number) => {
    await page.getByRole('textbox', { name, exact: true }).first().fill(String(value));
    await page.keyboard.press('Tab');
  };
  await goTo(page, 'Pretext');
  const pretrain = page.getByRole('button', { name: /^Pretrain on \d+ samples$/ });
  await pretrain.waitFor();
  await set('Epochs', 1);
  await pretrain.click();
  await page.getByRole('button', { name: 'Fine-tune from it' }).click({ timeout: 300_000 });
  const tune = page.locator('main').getByRole('button', { name: /^Fine-tune \d+ runs?$/ });
  await tune.waitFor();
  await set('Seeds', 2);
  await set('Epochs', 1);
  await page.getByRole('button', { name: 'More settings' }).first().click();
  await set('Minimum steps', 2);
  await tune.click();
  await page
    .getByRole('heading', { level: 1, name: /^Pretraining (added|cost|made no measurable)/ })
    .waitFor({ timeout: 300_000 });
}

/** Runs in the page: the recording is scrolled by the wheel, a frame after the other. */
async function scrolled(): Promise<number[]> {
  const canvas = document.querySelector('canvas')!;
  const times: number[] = [];
  let last = performance.now();
  for (let frame = 0; frame < 300; frame += 1) {
    canvas.dispatchEvent(
      new WheelEvent('wheel', { deltaX: frame < 150 ? 20 : -20, bubbles: true, cancelable: true }),
    );
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  return times;
}
