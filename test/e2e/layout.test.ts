/** Enlarged and in the smallest window: every screen folds, and nothing lies outside of the window. */
import { expect, test } from 'vitest';
import { finishedProject } from '../fixtures/finished-project.ts';
import { audit } from './audit.ts';
import { goByCommand, goTo, openProject } from './pages.ts';
import { startProgram, temporaryFolder, type Program } from './program.ts';

const SIZES = [
  { name: '900 × 600', width: 900, height: 600, zoom: 1 },
  { name: '200 %', width: 1280, height: 800, zoom: 2 },
  { name: '900 × 600 at 200 %', width: 900, height: 600, zoom: 2 },
];

/** Screens whose parts stand otherwise when the window is small; the large ones are looked at elsewhere. */
const AUDITED = ['overview', 'dataset', 'pretext', 'compare'];

/** What reaches beyond the window's right edge, unless a part of its own scrolls there. */
const outside = ({ page }: Program) =>
  page.evaluate(() => {
    const scrolls = (element: Element | null): boolean => {
      if (!element) return false;
      const { overflowX } = getComputedStyle(element);
      const own =
        (overflowX === 'auto' || overflowX === 'scroll') && element.scrollWidth > element.clientWidth + 1;
      return own || scrolls(element.parentElement);
    };
    const { scrollWidth, clientWidth } = document.documentElement;
    const found = scrollWidth > clientWidth ? [`the page: ${scrollWidth} of ${clientWidth}`] : [];
    for (const element of document.querySelectorAll('body *')) {
      const { width, right } = element.getBoundingClientRect();
      if (width === 0 || right <= innerWidth + 1 || scrolls(element.parentElement)) continue;
      found.push(`${element.tagName} ${element.className}: ${Math.round(right)} of ${innerWidth}`);
    }
    // A page as a whole never scrolls sideways; a table in it may.
    for (const element of document.querySelectorAll('main, .page, .workbench, .stages, .titlebar'))
      if (element.scrollWidth > element.clientWidth + 1) found.push(`${element.className} scrolls sideways`);
    return found;
  });

test('nothing is cut off in a small or enlarged window, on any screen', async () => {
  const { project } = await finishedProject(temporaryFolder());
  const program = await startProgram();
  const { application, page, errors } = program;
  await openProject(program, project);
  const table = () => page.getByRole('table').first().waitFor();
  const screens: [string, () => Promise<void>][] = [
    ['overview', () => goTo(page, 'Overview')],
    ['data', () => goTo(page, 'Data')],
    [
      'dataset',
      () =>
        page
          .locator('main')
          .getByRole('button', { name: /^small/ })
          .click(),
    ],
    ['import', () => goByCommand(page, 'Import data')],
    ['pretext', () => goTo(page, 'Pretext')],
    ['tournament', () => goByCommand(page, 'Find the task')],
    ['finetune', () => goTo(page, 'Fine-tune')],
    ['compare', () => goTo(page, 'Compare')],
    ['runs', () => goTo(page, 'Runs')],
    ['run', () => table().then(() => page.locator('main table').getByRole('button').first().click())],
    ['settings', () => goTo(page, 'Settings')],
    ['transfer', () => goByCommand(page, 'Transfers')],
  ];
  const wrong: string[] = [];
  for (const { name, width, height, zoom } of SIZES) {
    await application.evaluate(
      ({ BrowserWindow }, size) => {
        const [window] = BrowserWindow.getAllWindows();
        window?.setContentSize(size.width, size.height);
        window?.webContents.setZoomFactor(size.zoom);
      },
      { width, height, zoom },
    );
    await page.waitForFunction((wide) => Math.abs(innerWidth - wide) < 3, width / zoom);
    for (const [screen, go] of screens) {
      await go();
      await page.waitForTimeout(400);
      wrong.push(...(await outside(program)).map((line) => `${name}, ${screen}: ${line}`));
      if (zoom === 1 && AUDITED.includes(screen)) wrong.push(...(await audit(program, `small-${screen}`)));
    }
  }
  expect(wrong).toEqual([]);
  expect(errors).toEqual([]);
});

test('the gallery is one stop of the tab key, and its end keeps the focus', async () => {
  const { project } = await finishedProject(temporaryFolder());
  const program = await startProgram();
  const { page } = program;
  await openProject(program, project);
  await goTo(page, 'Data');
  await page
    .locator('main')
    .getByRole('button', { name: /^small/ })
    .click();
  const gallery = page.getByRole('listbox', { name: 'Samples of small' });
  await gallery.getByRole('option').first().waitFor();
  const total = Number(await gallery.getByRole('option').first().getAttribute('aria-setsize'));
  await gallery.focus();
  const place = () =>
    page.evaluate(() => {
      const focused = document.activeElement;
      const marked = document.getElementById(focused?.getAttribute('aria-activedescendant') ?? '');
      return [focused?.getAttribute('role'), Number(marked?.getAttribute('aria-posinset'))];
    });
  await page.keyboard.press('ArrowRight');
  expect(await place()).toEqual(['listbox', 2]);
  await page.keyboard.press('End');
  await expect.poll(place).toEqual(['listbox', total]);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(place).toEqual(['listbox', total]);
  await page.keyboard.press('Home');
  await expect.poll(place).toEqual(['listbox', 1]);
  // The next stop of the tab key lies outside of the gallery.
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.closest('[role="listbox"]'))).toBeNull();
});
