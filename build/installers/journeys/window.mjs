// The window of an installed program: found on the display, and driven.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron } from 'playwright-core';
import { root } from '../../setup/paths.mjs';

const FIRST_WINDOW_MS = 120_000;
const LAST_WINDOW_MS = 30_000;
const TRAINING_MS = 300_000;

const SETTLING_MS = 3_000;

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Older Electrons call their windows by the product's name, newer ones by the menu entry's. */
const WINDOW_CLASS = '^pretext.studio$';

/** The program's windows that can be seen. */
function windows() {
  try {
    const found = execFileSync('xdotool', ['search', '--onlyvisible', '--class', WINDOW_CLASS], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return found.trim().split('\n').filter(Boolean);
  } catch {
    // xdotool ends with 1 where there is none.
    return [];
  }
}

/** Presses the keys that end the program, and waits until its window is gone: killed, it would leave its lock behind. */
async function quit() {
  const [window] = windows();
  execFileSync('xdotool', ['windowfocus', '--sync', window, 'key', '--clearmodifiers', 'ctrl+q']);
  const start = Date.now();
  while (windows().length > 0) {
    if (Date.now() - start > LAST_WINDOW_MS) throw new Error('Ctrl+Q did not end the program.');
    await wait(100);
  }
}

/**
 * Starts the program as a menu does, waits for its window, and ends it by its keys.
 * @param {ReturnType<typeof import('../clean-root.mjs').openLayer>} layer
 * @param {string} entry the .desktop file
 */
export async function startFromMenu(layer, entry) {
  // A launcher goes on living: the machine it lives in is ended with it.
  const child = spawn(layer.enter, ['sh', '-c', `gio launch '${entry}'; sleep 3600`], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: process.env,
  });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  const start = Date.now();
  try {
    while (windows().length === 0) {
      if (Date.now() - start > FIRST_WINDOW_MS) throw new Error(`no window appeared.\n${said.slice(-1500)}`);
      await wait(100);
    }
    const seconds = (Date.now() - start) / 1000;
    const ask = (what) => execFileSync('xdotool', [what, windows()[0]], { encoding: 'utf8' }).trim();
    const name = ask('getwindowname');
    // What is drawn first takes no keys yet.
    await wait(SETTLING_MS);
    await quit();
    return `a window "${name}" after ${seconds.toFixed(1)} s, ended by Ctrl+Q`;
  } finally {
    child.kill('SIGKILL');
    await wait(500);
  }
}

/**
 * Starts the program for a conversation with its window.
 * @param {string} executable a path inside the layer
 */
export async function openWindow(layer, executable, { args = [], environment = '' } = {}) {
  // Playwright puts arguments of its own before all others.
  const program = join(layer.folder, 'program');
  writeFileSync(program, `#!/bin/sh\nexec '${layer.enter}' '${executable}' "$@"\n`, { mode: 0o755 });
  const application = await _electron.launch({
    executablePath: program,
    args,
    colorScheme: null,
    env: { ...process.env, JOURNEY_ENVIRONMENT: environment },
    timeout: FIRST_WINDOW_MS,
  });
  const page = await application.firstWindow();
  await page.waitForLoadState();
  return { application, page };
}

/** Starts the first sample study and waits until a trainer has told of its first steps. */
export async function startSample(page) {
  await page.getByRole('button', { name: /chest X.rays/ }).click();
  const loss = page.getByText(/^loss \d/).first();
  await loss.waitFor({ timeout: TRAINING_MS });
  return loss.innerText();
}

export async function picture(page, name) {
  const folder = join(root, 'test-results', 'screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
