/** Getting about in the window. */
import type { Page } from 'playwright-core';
import type { Program } from './program.ts';

/** Opens a project through the button and its dialog, as a person would. */
export async function openProject({ application, page }: Program, directory: string): Promise<void> {
  await application.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = (async () => ({ canceled: false, filePaths: [chosen] })) as never;
  }, directory);
  await page.getByRole('button', { name: 'Open project…' }).click();
  await page.getByRole('navigation', { name: 'Project' }).waitFor();
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
