/**
 * Datasets that are unlike become one by the forms: each is seen before and after, on a head; a study compares all
 * together with own data alone, and its figure and its sentence appear.
 */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inProject } from '../fixtures/finished-project.ts';
import { until } from '../fixtures/studies.ts';
import { writeTwoLabs } from '../fixtures/two-labs.ts';
import { audit } from './audit.ts';
import { goTo, openProject } from './pages.ts';
import { startProgram, temporaryFolder } from './program.ts';

test('two unlike datasets are put together, looked at, trained on and compared', async () => {
  const folder = temporaryFolder();
  const project = join(folder, 'labs.pretext');
  const imports = await writeTwoLabs(folder);
  await inProject(
    project,
    async (client) => {
      for (const [name, options] of Object.entries(imports)) await client.dataset.import({ name, options });
      await until('both are imported', async () => (await client.dataset.list()).length === 2);
    },
    { createName: 'Labs' },
  );
  const program = await startProgram();
  const { application, page, errors } = program;
  const found: string[] = [];
  const look = async (name: string) => void found.push(...(await audit(program, name)));
  const size = (width: number, height: number, zoom = 1) =>
    application.evaluate(
      ({ BrowserWindow }, wanted) => {
        const [window] = BrowserWindow.getAllWindows();
        window?.setContentSize(wanted.width, wanted.height);
        window?.webContents.setZoomFactor(wanted.zoom);
      },
      { width, height, zoom },
    );
  const set = async (name: string, value: number | string) => {
    await page.getByRole('textbox', { name, exact: true }).first().fill(String(value));
    await page.keyboard.press('Tab');
  };
  const choose = async (what: RegExp, title: string) => {
    const option = page.getByRole('option', { name: title }).first();
    // What arrives meanwhile may move the list from under the pointer, which closes it.
    for (let again = 0; again < 5 && !(await option.isVisible()); again++) {
      await page.getByRole('combobox', { name: what }).click();
      await option.waitFor({ timeout: 3000 }).catch(() => undefined);
    }
    await option.click();
  };
  await size(1280, 900);
  await openProject(program, project);

  await goTo(page, 'Pretext');
  await page.getByRole('checkbox', { name: /^lab/ }).check();
  await page.getByRole('checkbox', { name: /^clinic/ }).check();
  const together = page.getByRole('region', { name: 'Put together' });
  await choose(/^Channels: /, 'Electrodes by position');
  await together
    .getByRole('img', { name: /^Electrodes of clinic on the head: .* from its neighbours/ })
    .waitFor();
  await choose(/^Channels: /, 'All of them');
  // The mask is told in words beside the picture.
  await together.getByText(/Missing, masked \(2\): Fp2, O2/).waitFor();
  await choose(/^Samples of each in a batch: /, 'Between the two');
  await set('Temperature', 3);
  await set('Rate', 64);
  await set('Seconds', 2);
  await together.getByText(/last 1 s, and .*seconds.* asks for 2 s/).waitFor();
  await set('Seconds', 0.5);
  await together.getByText(/^Together: 32 samples × 8 channels, 64 a second/).waitFor();
  await together.getByRole('checkbox').check();
  await together.scrollIntoViewIfNeeded();
  await look('together');
  await together.getByRole('img').last().scrollIntoViewIfNeeded();
  await program.screenshot('together-head');
  await size(900, 600);
  await together.getByRole('img').first().scrollIntoViewIfNeeded();
  await program.screenshot('together-small');
  await size(1280, 800, 2);
  await together.getByRole('img').first().scrollIntoViewIfNeeded();
  await program.screenshot('together-enlarged');
  await size(1280, 900);

  // What is said of short recordings (24 windows each) is said of the options that are chosen.
  await choose(/^Pretext task/, 'Relative positioning');
  await page.getByText(/Import them with a group that several of them share/).waitFor();
  expect(await page.getByText(/“Far in: recording”/).count()).toBe(1);
  await set('Far', 30);
  await page.getByText(/recordings of 31 windows or more: half of the recordings hold 24/).waitFor();
  await choose(/^Pretext task/, 'SimCLR');

  await set('Epochs', 1);
  await set('Batch size', 16);
  await page.getByRole('button', { name: /^Pretrain on \d+ samples$/ }).click();
  await page.getByRole('button', { name: 'Fine-tune from it' }).click({ timeout: 120_000 });
  const other = page.getByRole('group', { name: 'Also fine-tuned' }).getByRole('checkbox');
  await other.check();
  await page.getByRole('checkbox', { name: /^Own data alone/ }).check();
  await page.getByRole('checkbox', { name: /^All but own data/ }).check();
  for (const arm of [/^Frozen/, /^Linear probe/, /^kNN probe/])
    await page.getByRole('checkbox', { name: arm }).uncheck();
  await set('Seeds', 2);
  await set('Epochs', 1);
  await page.getByRole('button', { name: 'More settings' }).first().click();
  await set('Minimum steps', 2);
  await choose(/^Heads of several datasets/, 'together');
  await look('together-finetune');
  await page
    .locator('main')
    .getByRole('button', { name: /^Fine-tune \d+ runs$/ })
    .click();

  await page
    .getByRole('heading', { name: 'What putting the datasets together bought' })
    .waitFor({ timeout: 120_000 });
  await page.getByText('So far: not every run is finished.').waitFor({ state: 'detached', timeout: 120_000 });
  const bought = page.getByRole('region', { name: 'What putting the datasets together bought' });
  expect(await bought.innerText()).toMatch(/lab.*clinic|clinic.*lab/s);
  await bought.scrollIntoViewIfNeeded();
  await look('together-bought');

  // Behind the numbers of the second dataset stand its own samples, and a run shows the curves of both.
  await page
    .getByRole('group', { name: 'Label budget' })
    .getByText(/clinic, /)
    .click();
  await page
    .getByText(/on the test samples of clinic/)
    .first()
    .waitFor({ timeout: 20_000 });
  await page
    .getByRole('button', { name: /look at those that were missed$/ })
    .first()
    .click();
  await page.getByText(/worst first by loss/).waitFor({ timeout: 20_000 });
  await page
    .getByText(/, clinic$/)
    .first()
    .waitFor({ timeout: 20_000 });
  await look('together-errors');
  await goTo(page, 'Runs');
  await page.getByRole('button', { name: /^pretrained-1/ }).click({ timeout: 20_000 });
  await page.getByRole('heading', { name: 'Scores by seed on clinic' }).waitFor({ timeout: 20_000 });
  await page.getByRole('heading', { name: 'Learning curves on lab' }).waitFor();
  await page.getByRole('heading', { name: 'Learning curves on clinic' }).scrollIntoViewIfNeeded();
  await look('together-run');

  // One model has the heads of both, and asks which is meant before it is asked anything.
  await goTo(page, 'Models');
  const both = page
    .getByRole('row')
    .filter({ hasText: 'labels of clinic' })
    .filter({ hasText: 'labels of lab' });
  await both.first().getByRole('button').click();
  await page.getByRole('heading', { name: '2 heads on one encoder' }).waitFor();
  expect(await page.getByRole('button', { name: 'Export…' }).isDisabled()).toBe(true);
  await look('together-head-asked');
  await page.getByRole('radio', { name: /^clinic/ }).check();
  await page.getByLabel('or a dataset').selectOption({ label: 'clinic' });
  await page.getByRole('heading', { name: /^[0-9]+ answers/ }).waitFor({ timeout: 60_000 });
  await look('together-head');
  expect(found).toEqual([]);
  expect(errors).toEqual([]);
}, 600_000);
