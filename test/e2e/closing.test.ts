import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pressKeys } from './keys.ts';
import { startProgram, temporaryFolder, type Program } from './program.ts';

/** Opens a new project by hand, so that the page knows of it. */
async function openNew({ page, application }: Program, folder: string): Promise<void> {
  const directory = join(folder, 'work.pretext');
  mkdirSync(folder, { recursive: true });
  await page.evaluate(async (target) => {
    await window.pretext.createProject({ directory: target, name: 'Work' });
    await window.pretext.closeProject();
  }, directory);
  await application.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = (async () => ({ canceled: false, filePaths: [chosen] })) as never;
  }, directory);
  await page.getByRole('button', { name: 'Open project…' }).click();
  await page.getByRole('navigation', { name: 'Project' }).waitFor();
}

const windows = ({ application }: Program) =>
  application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);

/** A page that has crashed answers no driver: main is asked what its window shows. */
const navigation = ({ application }: Program) =>
  application.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents;
    if (contents.isCrashed()) return '';
    return contents.executeJavaScript(`document.querySelector('nav')?.getAttribute('aria-label') ?? ''`);
  });

test('Ctrl+W closes the project, and never the window; a page that crashes comes back with its project', async () => {
  const folder = temporaryFolder();
  const reports = join(folder, 'reports');
  const program = await startProgram({ environment: { PRETEXT_CRASH_REPORTS: reports } });
  const { page, errors, application } = program;
  await openNew(program, folder);
  await pressKeys(program, 'ctrl+w');
  await page.getByRole('heading', { level: 1, name: 'Pretext Studio' }).waitFor();
  // Once more, where no project is open: nothing is left to close.
  await pressKeys(program, 'ctrl+w');
  await page.waitForTimeout(500);
  expect(await windows(program)).toBe(1);
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Pretext Studio');

  await page.getByRole('button', { name: 'Open project…' }).click();
  await page.getByRole('navigation', { name: 'Project' }).waitFor();
  expect(errors).toEqual([]);
  await application.evaluate(({ dialog, BrowserWindow }) => {
    dialog.showMessageBox = (async () => ({ response: 0, checkboxChecked: false })) as never;
    BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer();
  });
  // Not before: a page that is about to be gone answers never.
  await expect.poll(() => existsSync(reports) && readdirSync(reports).length, { timeout: 60_000 }).toBe(1);
  await expect.poll(() => navigation(program), { timeout: 60_000 }).toBe('Project');
  const [report] = readdirSync(reports);
  expect(report).toMatch(/ window\.txt$/);
  expect(readFileSync(join(reports, report!), 'utf8')).not.toContain(folder);
});

test('closing the window asks while work goes on, and not where nothing does', async () => {
  const program = await startProgram();
  const { page, application } = program;
  await application.evaluate(({ dialog }) => {
    const asked: string[] = [];
    Object.assign(globalThis, { asked, answer: 1 });
    dialog.showMessageBox = (async (_window: unknown, question: { message: string; detail: string }) => {
      asked.push(`${question.message} ${question.detail}`);
      return { response: (globalThis as unknown as { answer: number }).answer, checkboxChecked: false };
    }) as never;
  });
  const asked = () => application.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
  await page.evaluate(() => window.pretext.reportWork({ running: 1, waiting: 2, imports: 0 }));
  await pressKeys(program, 'ctrl+q');
  await expect.poll(asked).toHaveLength(1);
  expect((await asked())[0]).toBe(
    'Close while there is work to do: 1 run that trains and 2 runs that wait? Nothing is lost: it goes on when the project is opened again. Training goes on from its last checkpoint.',
  );
  await pressKeys(program, 'ctrl+shift+w');
  await expect.poll(asked).toHaveLength(2);
  await page.waitForTimeout(300);
  expect(await windows(program)).toBe(1);

  const gone = new Promise((resolve) => application.process().once('exit', resolve));
  await page.evaluate(() => window.pretext.reportWork({ running: 0, waiting: 0, imports: 0 }));
  await pressKeys(program, 'ctrl+shift+w');
  expect(await gone).toBe(0);
});
