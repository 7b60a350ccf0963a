/** Recordings in text: columns are shown with their roles, changed, and imported as shown. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { audit } from './audit.ts';
import { answerDialog, goTo, openNewProject } from './pages.ts';
import { startProgram, temporaryFolder } from './program.ts';

/** Five columns, of which the activity stands in the middle and the heart rate has gaps. */
function writeRecordings(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (let person = 0; person < 4; person += 1) {
    const rows = Array.from({ length: 600 }, (_, at) => {
      const wave = Math.sin(at / 9 + person) + (at % 5) / 10;
      const heart = at % 10 === 0 ? String(70 + person) : '';
      return [
        (at / 50).toFixed(2),
        at < 300 ? 'sit' : 'walk',
        heart,
        wave.toFixed(4),
        (-wave / 2).toFixed(4),
      ];
    });
    const lines = [['time (s)', 'activity', 'heart rate', 'x', 'y'], ...rows].map((row) => row.join(';'));
    writeFileSync(join(folder, `person-${person}.csv`), `${lines.join('\n')}\n`);
  }
}

test('columns of text are shown with their roles, changed, and imported as shown', async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'walks');
  writeRecordings(data);
  const program = await startProgram();
  const { page, errors } = program;
  await openNewProject(program, { directory: join(folder, 'columns.pretext'), name: 'Columns' });
  await goTo(page, 'Data');
  await page.getByRole('button', { name: 'Import data' }).first().click();
  await answerDialog(program, data);
  await page.getByRole('button', { name: 'Choose folder…' }).click();

  const role = (name: string) => page.getByLabel(new RegExp(`What column \\d+, ${name}, is`));
  await role('x').waitFor();
  const roles = async () =>
    Promise.all(['time \\(s\\)', 'activity', 'heart rate', 'x', 'y'].map((name) => role(name).inputValue()));
  expect(await roles()).toEqual(['time', 'label', 'ignored', 'channel', 'channel']);
  await page.getByText('50 Hz, from “time (s)”.').waitFor();

  await role('y').selectOption('Left out');
  await page.getByText('1 channel: x.').waitFor();
  await page.getByText('Back to what was found').click();
  await page.getByText('2 channels: x, y.').waitFor();
  await role('y').selectOption('Left out');
  await page.getByText('1 channel: x.').waitFor();
  await role('x').scrollIntoViewIfNeeded();
  expect(await audit(program, 'import-columns')).toEqual([]);

  await page.getByRole('button', { name: 'Import 4 files' }).click();
  const card = page.getByRole('button', { name: /^walks.*16 windows.*12 labeled, 2 classes.*× 1 channel/s });
  await card.click({ timeout: 60_000 });
  await page.locator('fieldset label', { hasText: 'Details' }).click();
  await page.getByText('50 Hz').first().waitFor();
  expect(errors).toEqual([]);
}, 240_000);
