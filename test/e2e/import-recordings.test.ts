/** EEG with events: what the files say is shown, classes and preparation are chosen, and the import is as shown. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordingFile } from '../fixtures/recordings/expected.ts';
import { audit } from './audit.ts';
import { answerDialog, goTo, openNewProject } from './pages.ts';
import { startProgram, temporaryFolder } from './program.ts';

test('recordings are shown with their events, prepared, and imported as shown', async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'nights');
  mkdirSync(data);
  copyFileSync(recordingFile('rates.edf'), join(data, 'one.edf'));
  copyFileSync(recordingFile('rates.bdf'), join(data, 'two.bdf'));
  const program = await startProgram();
  const { page, errors } = program;
  await openNewProject(program, {
    directory: join(folder, 'recordings.pretext'),
    name: 'Recordings',
    height: 900,
  });
  await goTo(page, 'Data');
  await page.getByRole('button', { name: 'Import data' }).first().click();
  await answerDialog(program, data);
  await page.getByRole('button', { name: 'Choose folder…' }).click();

  await page.getByText(/“one\.edf”: EDF\+C, 2 channels at 64 Hz, 3 s, 1 channel at 16 Hz/).waitFor();
  await page.getByText(/Events: “T1” 2, “Ünruhe” 2, “T2” 2\./).waitFor();
  await page.getByText(/Resp was recorded at another rate .* and is left out/).waitFor();

  const type = async (name: string, text: string) => {
    await page.getByRole('textbox', { name }).fill(text);
    await page.keyboard.press('Tab');
  };
  await type('Window length', '16');
  const choose = async (what: RegExp, title: string) => {
    await page.getByRole('combobox', { name: what }).click();
    await page.getByRole('option', { name: title }).first().click();
  };
  const add = async (title: string) => {
    await page.getByRole('button', { name: 'Add a step' }).click();
    await page.getByRole('menuitem', { name: title }).click();
  };
  await choose(/^Preset: /, 'EEG');
  await page.getByText('Sweat and electrodes drift by more than the brain does').first().waitFor();
  await page.getByText(/Not in it: Low-pass at 40 Hz: 64 samples a second hold nothing/).waitFor();
  await page.getByText('After step 3, the last').waitFor();
  await program.screenshot('import-preparation-preset');

  // The list is changed: it is no preset any more.
  await page.getByRole('button', { name: 'Remove Limit' }).click();
  await add('Reference');
  await add('Low-pass');
  await type('Below', '40');
  await page.getByText('At 64 Hz there is nothing of 40 Hz').first().waitFor();
  await type('Below', '20');
  await page.getByRole('button', { name: /^Step 4: Low-pass/ }).focus();
  await page.keyboard.press('ArrowUp');
  await page.getByText('Low-pass is now step 3 of 4.').waitFor({ state: 'attached' });
  await page.keyboard.press('ArrowUp');
  await page
    .getByText(
      /Prepared: above 0\.5 Hz.*; below 20 Hz.*; each channel of a recording to median 0.*; measured against the average of all channels\./,
    )
    .waitFor();
  await page
    .getByRole('figure')
    .or(page.getByRole('img', { name: /^After step 4, measured/ }))
    .first()
    .waitFor();
  await page.getByRole('heading', { name: 'Before and after' }).scrollIntoViewIfNeeded();
  await program.screenshot('import-recordings');
  expect(await audit(program, 'import-recordings')).toEqual([]);

  await page.getByRole('button', { name: 'Import 2 files' }).click();
  const card = page.getByRole('button', { name: /^nights.*windows.*2 classes.*× 2 channels/s });
  await card.click({ timeout: 60_000 });
  await page.locator('fieldset label', { hasText: 'Details' }).click();
  await page.getByText('64 Hz').first().waitFor();

  // What the signals are of is found, and corrected by keys; the views that pretraining begins with follow.
  await page.getByText(/^2 of 2 channels bear names of the 10–20 system\./).waitFor();
  await page.getByRole('button', { name: 'Pretrain on it' }).click();
  const chosen = (title: string) => page.getByRole('combobox', { name: `Kind of signal: ${title}` });
  await page.getByText(/^Views chosen for “EEG or sleep”: nothing is stretched\./).waitFor();
  await chosen('EEG or sleep (found)').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: /^ECG or pulse/ }).waitFor();
  await page.keyboard.type('ecg');
  await page.keyboard.press('Enter');
  await chosen('ECG or pulse').waitFor();
  await page.getByText(/^No views were measured for “ECG or pulse”/).waitFor();
  await page.getByText(/^Found was EEG or sleep: 2 of 2 channels/).waitFor();
  await program.screenshot('signal-kind');
  expect(await audit(program, 'signal-kind')).toEqual([]);
  expect(errors).toEqual([]);
}, 240_000);
