/** Starts the real program, as it is built in out/ or packaged in dist/, with a user data folder of its own. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { ensureElectron } from '../../build/setup/electron.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const PATIENCE_MS = 120_000;
const screenshots = join(root, 'test-results', 'screenshots');

export interface Program {
  application: ElectronApplication;
  page: Page;
  /** A folder of this test, removed after it. */
  folder: string;
  /** Errors that the page or its console reported, in the order they came. */
  errors: string[];
  screenshot(name: string): Promise<void>;
}

export interface StartOptions {
  /** The packaged program's executable; the checkout's bundles without it. */
  executable?: string;
  environment?: Record<string, string>;
  /** Starts again with the user data of an earlier program. */
  userData?: string;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pretext-e2e-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

export async function startProgram(options: StartOptions = {}): Promise<Program> {
  const folder = options.userData ?? temporaryFolder();
  const application = await _electron.launch({
    executablePath: options.executable ?? (await ensureElectron({ node: process.execPath })).executable,
    args: options.executable ? [] : [root],
    // Playwright would pretend a light theme.
    colorScheme: null,
    env: {
      ...(process.env as Record<string, string>),
      NODE_ENV: 'production',
      PRETEXT_NODE: process.execPath,
      PRETEXT_USER_DATA: join(folder, 'user-data'),
      ...options.environment,
    },
  });
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') await showFailed(application, task.name);
    await application.close();
  });
  const page = await application.firstWindow();
  // Ends what hangs; a machine that is busy with other tests takes its time.
  page.setDefaultTimeout(PATIENCE_MS);
  const errors = watchErrors(page);
  await page.waitForLoadState();
  return { application, page, folder, errors, screenshot: (name) => takeScreenshot(page, name) };
}

/** What the window showed when a test failed, as a picture and in the test's output. */
async function showFailed(application: ElectronApplication, test: string): Promise<void> {
  for (const [at, page] of application.windows().entries()) {
    // A window that is stuck or gone keeps nothing of its test's own error back.
    const told = await page
      .locator('body')
      .innerText({ timeout: 5_000 })
      .catch((error: unknown) => String(error));
    process.stdout.write(`[failed] ${test}: window ${at} showed\n${told.slice(0, 3_000)}\n`);
    await takeScreenshot(page, `failed-${test.replace(/\W+/g, '-').slice(0, 60)}-${at}`).catch(
      () => undefined,
    );
  }
}

function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return errors;
}

async function takeScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}
