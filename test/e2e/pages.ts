/** Getting about in the window. */
import type { Page } from 'playwright-core';
import type { Program } from './program.ts';

/** The next dialogs of the system answer with this path. */
export const answerDialog = ({ application }: Program, path: string): Promise<void> =>
  application.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, path);

/** Opens a project through the button and its dialog, as a person would. */
export async function openProject(program: Program, directory: string): Promise<void> {
  const { page } = program;
  await answerDialog(program, directory);
  await page.getByRole('button', { name: 'Open project…' }).click();
  await page.getByRole('navigation', { name: 'Project' }).waitFor();
}

/** Opens a new project in a window of 1280 pixels by so many. */
export async function openNewProject(
  { application, page }: Program,
  { directory, name, height = 800 }: { directory: string; name: string; height?: number },
): Promise<void> {
  await application.evaluate(
    ({ BrowserWindow }, tall) => BrowserWindow.getAllWindows()[0]?.setContentSize(1280, tall),
    height,
  );
  await page.evaluate((wishes) => window.pretext.createProject(wishes), { directory, name });
  // The start screen lists it now.
  await page.reload();
  await page
    .getByRole('button', { name: new RegExp(name) })
    .first()
    .click();
}

/** A screen of the sidebar. */
export const goTo = (page: Page, title: string) =>
  page.getByRole('navigation', { name: 'Project' }).getByRole('button', { name: title }).click();

/** Any screen, by the name that the command palette has for it. */
export async function goByCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search and commands' }).fill(title);
  await page.keyboard.press('Enter');
}

/** As the desktop drops a file: with its path, which no page could make up. */
export async function drop({ page }: Program, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  const send = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  await send('dragEnter');
  // A busy page takes a moment to say that it takes what hovers over it: before that, a drop is refused.
  const isTaken = () => page.locator('.target[aria-hidden="true"]').isVisible();
  for (let again = 0; again < 100 && !(await isTaken()); again++) {
    await send('dragOver');
    await page.waitForTimeout(50);
  }
  // Sent off only, not carried out: with the session gone too soon it would be lost.
  for (let again = 0; again < 20 && (await isTaken()); again++) {
    await send('dragOver');
    await send('drop');
    await page.waitForTimeout(500);
  }
  await session.detach();
}
