import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startProgram, temporaryFolder } from './program.ts';

test('opens a window with the start screen and without a word of complaint', async () => {
  const { application, page, errors, screenshot } = await startProgram();
  expect(await page.title()).toBe('Pretext Studio');
  await page.getByRole('button').first().waitFor();
  expect(await page.getByRole('heading').first().innerText()).not.toBe('');
  await screenshot('start');
  expect(errors).toEqual([]);
  const visible = await application.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => window.isVisible()),
  );
  expect(visible).toEqual([true]);
});

test('the page is sandboxed: no Node, no Electron, only the bridge', async () => {
  const { page } = await startProgram();
  const reachable = await page.evaluate(() => ({
    require: typeof (globalThis as Record<string, unknown>)['require'],
    process: typeof (globalThis as Record<string, unknown>)['process'],
    bridge: Object.keys(window.pretext).sort(),
  }));
  expect(reachable.require).toBe('undefined');
  expect(reachable.process).toBe('undefined');
  expect(reachable.bridge).toContain('openProject');
  expect(reachable.bridge).not.toContain('ipcRenderer');
});

test('makes no connection: requests, navigation, new windows and permissions are refused', async () => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url ?? '');
    response.setHeader('access-control-allow-origin', '*');
    response.end('reached');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const { application, page } = await startProgram();
  const before = page.url();
  const outcome = await page.evaluate(async (target) => {
    const fetched = await fetch(`${target}/fetch`).then(
      () => 'reached',
      () => 'refused',
    );
    const image = await new Promise((resolve) => {
      const element = new Image();
      element.addEventListener('load', () => resolve('reached'));
      element.addEventListener('error', () => resolve('refused'));
      element.src = `${target}/image`;
    });
    const opened = window.open(`${target}/window`) === null ? 'refused' : 'reached';
    const notifications = await Notification.requestPermission();
    location.href = `${target}/navigation`;
    return { fetched, image, opened, notifications };
  }, address);
  expect(outcome).toEqual({
    fetched: 'refused',
    image: 'refused',
    opened: 'refused',
    notifications: 'denied',
  });

  // Main itself could connect; the session refuses for every part of the window, whatever the page's policy says.
  const session = await application.evaluate(async ({ session: sessions, BrowserWindow }, target) => {
    const hidden = new BrowserWindow({ show: false });
    const loaded = await hidden.loadURL(`${target}/main`).then(
      () => 'reached',
      () => 'refused',
    );
    hidden.destroy();
    return { loaded, sessions: sessions.defaultSession.isPersistent() };
  }, address);
  expect(session.loaded).toBe('refused');
  expect(page.url()).toBe(before);
  expect(seen).toEqual([]);
});

test('answers the page only what is asked in the right form', async () => {
  const { page } = await startProgram();
  const answers = await page.evaluate(async () => ({
    recent: await window.pretext.recentProjects(),
    theme: await window.pretext.theme(),
    processes: (await window.pretext.info()).processes,
    wrong: await window.pretext.openProject({ directory: '' }).then(
      () => 'accepted',
      () => 'refused',
    ),
  }));
  expect(answers).toMatchObject({ recent: [], theme: 'system', wrong: 'refused' });
  expect(['utility', 'node']).toContain(answers.processes);
});

test('remembers theme and window size, and sets unreadable settings aside', async () => {
  const folder = temporaryFolder();
  const first = await startProgram({ userData: folder });
  await first.page.evaluate(() => window.pretext.setTheme('dark'));
  await first.application.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setSize(1000, 700),
  );
  await first.application.close();

  const second = await startProgram({ userData: folder });
  expect(await second.page.evaluate(() => window.pretext.theme())).toBe('dark');
  expect(await second.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true);
  const size = await second.application.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getSize(),
  );
  expect(size).toEqual([1000, 700]);
  await second.application.close();

  const settings = join(folder, 'user-data', 'settings.json');
  mkdirSync(join(folder, 'user-data'), { recursive: true });
  writeFileSync(settings, '{ not settings');
  const third = await startProgram({ userData: folder });
  expect(await third.page.evaluate(() => window.pretext.theme())).toBe('system');
  expect(readFileSync(`${settings}.unreadable`, 'utf8')).toBe('{ not settings');
});
