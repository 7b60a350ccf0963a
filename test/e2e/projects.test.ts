import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ServiceEnd } from '../../src/contract/messages/shell.ts';
import { startProgram, temporaryFolder } from './program.ts';

/** Process ids of services of a project. */
function servicesOf(project: string): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return lines
    .filter((line) => line.includes(`--project ${project}`))
    .map((line) => Number(line.trim().split(' ')[0]));
}

test('creates a project, opens it again, lists it, and one service at a time runs', async () => {
  const folder = temporaryFolder();
  const { page } = await startProgram();
  const [first, second] = [join(folder, 'first.pretext'), join(folder, 'second.pretext')];
  const outcome = await page.evaluate(
    async ([one, two]) => {
      const ports: unknown[] = [];
      window.addEventListener('message', (event) => {
        if (event.ports.length > 0) ports.push((event.data as { session: number }).session);
      });
      const created = await window.pretext.createProject({ directory: one ?? '', name: 'First' });
      const other = await window.pretext.createProject({ directory: two ?? '', name: 'Second' });
      const again = await window.pretext.openProject({ directory: one ?? '' });
      await new Promise((resolve) => setTimeout(resolve, 200));
      return { created, other, again, ports, recent: await window.pretext.recentProjects() };
    },
    [first, second],
  );
  expect(outcome.created).toMatchObject({ opened: true, project: { name: 'First', directory: first } });
  expect(outcome.other).toMatchObject({ opened: true, project: { name: 'Second' } });
  expect(outcome.again).toMatchObject({ opened: true, project: { name: 'First', directory: first } });
  expect(outcome.ports).toEqual([1, 2, 3]);
  expect(outcome.recent.map(({ name, exists }) => [name, exists])).toEqual([
    ['First', true],
    ['Second', true],
  ]);
  expect(servicesOf(first)).toHaveLength(1);
  expect(servicesOf(second)).toHaveLength(0);
});

test('a folder that is no project is refused in words, not with a crash', async () => {
  const folder = temporaryFolder();
  const { page } = await startProgram();
  const result = await page.evaluate((directory) => window.pretext.openProject({ directory }), folder);
  expect(result.opened).toBe(false);
  const failure = result.opened ? null : result.failure;
  expect(failure?.code).toMatch(/^project\./);
  expect(failure?.remedy).toBeTruthy();
});

test('when a service is killed the window is told, and the project opens again', async () => {
  const project = join(temporaryFolder(), 'killed.pretext');
  const { page } = await startProgram();
  await page.evaluate(async (directory) => {
    (globalThis as Record<string, unknown>)['ended'] = new Promise((resolve) =>
      window.pretext.onServiceEnd(resolve),
    );
    await window.pretext.createProject({ directory, name: 'Killed' });
  }, project);
  const [service] = servicesOf(project);
  expect(service).toBeGreaterThan(0);
  process.kill(service ?? 0, 'SIGKILL');
  const end = (await page.evaluate(() => (globalThis as Record<string, unknown>)['ended'])) as ServiceEnd;
  expect(end).toMatchObject({ directory: project, failure: { code: 'service.ended', place: project } });
  const again = await page.evaluate((directory) => window.pretext.openProject({ directory }), project);
  expect(again).toMatchObject({ opened: true, project: { name: 'Killed' } });
});

test('the service ends with the window, closed or killed', async () => {
  const folder = temporaryFolder();
  for (const way of ['closed', 'killed'] as const) {
    const project = join(folder, `${way}.pretext`);
    const { page, application } = await startProgram();
    await page.evaluate((directory) => window.pretext.createProject({ directory, name: 'X' }), project);
    expect(servicesOf(project)).toHaveLength(1);
    if (way === 'closed') await application.close();
    else application.process().kill('SIGKILL');
    const deadline = Date.now() + 10_000;
    while (servicesOf(project).length > 0 && Date.now() < deadline)
      await new Promise((done) => setTimeout(done, 50));
    expect(servicesOf(project)).toEqual([]);
  }
});

test('moves a project to the trash, closed first, and forgets it', async () => {
  const folder = temporaryFolder();
  const project = join(folder, 'thrown-away.pretext');
  const { page, application } = await startProgram({
    environment: { HOME: folder, XDG_DATA_HOME: join(folder, 'data') },
  });
  await page.evaluate((directory) => window.pretext.createProject({ directory, name: 'X' }), project);
  await application.evaluate(({ shell }) => {
    // What lies in the trash is the desktop's business; here it is enough that the folder is handed over whole.
    const given: string[] = [];
    (globalThis as Record<string, unknown>)['trashed'] = given;
    shell.trashItem = async (path: string) => void given.push(path);
  });
  const failure = await page.evaluate((directory) => window.pretext.trashProject({ directory }), project);
  expect(failure).toBeNull();
  expect(await application.evaluate(() => (globalThis as Record<string, unknown>)['trashed'])).toEqual([
    project,
  ]);
  expect(servicesOf(project)).toEqual([]);
  expect(existsSync(project)).toBe(true);
  expect(await page.evaluate(() => window.pretext.recentProjects())).toEqual([]);
});

test('shows and throws away projects only, and speaks to no other machine', async () => {
  const folder = temporaryFolder();
  const project = join(folder, 'mine.pretext');
  const other = join(folder, 'thesis');
  mkdirSync(other);
  writeFileSync(join(other, 'project.db'), '');
  const { page, application } = await startProgram();
  await application.evaluate(({ shell }) => {
    const given: string[] = [];
    (globalThis as Record<string, unknown>)['given'] = given;
    shell.trashItem = async (path: string) => void given.push(`trash ${path}`);
    shell.showItemInFolder = (path: string) => void given.push(`show ${path}`);
  });
  const given = () => application.evaluate(() => (globalThis as Record<string, unknown>)['given']);
  await page.evaluate((directory) => window.pretext.createProject({ directory, name: 'Mine' }), project);
  for (const path of [other, folder, join(project, '..', 'thesis'), join(project, 'project.db')]) {
    const answers = await page.evaluate(
      async (directory) => ({
        trash: await window.pretext.trashProject({ directory }),
        show: await window.pretext.showInFolder(directory).then(
          () => 'shown',
          () => 'refused',
        ),
      }),
      path,
    );
    expect(answers).toMatchObject({ trash: { code: 'project.not-a-project', place: path }, show: 'refused' });
  }
  expect(await given()).toEqual([]);
  await page.evaluate((directory) => window.pretext.showInFolder(directory), project);
  expect(await given()).toEqual([`show ${project}`]);
  const policies = await application.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map(({ webContents }) => webContents.getWebRTCIPHandlingPolicy()),
  );
  expect(policies).toEqual(['disable_non_proxied_udp']);
});

test('a project that does not open in time is given up, with its service', async () => {
  const project = join(temporaryFolder(), 'slow.pretext');
  const { page } = await startProgram({ environment: { PRETEXT_OPENING_MS: '1' } });
  const result = await page.evaluate(
    (directory) => window.pretext.createProject({ directory, name: 'Slow' }),
    project,
  );
  expect(result).toMatchObject({ opened: false, failure: { code: 'project.too-slow', place: project } });
  await expect.poll(() => servicesOf(project), { timeout: 60_000 }).toEqual([]);
});

test('dialogs answer with what was chosen, and texts are written where it was asked', async () => {
  const folder = temporaryFolder();
  const { page, application } = await startProgram();
  const target = join(folder, 'result.csv');
  await application.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = (async () => ({ canceled: false, filePaths: ['/data/a', '/data/b'] })) as never;
    dialog.showSaveDialog = (async () => ({ canceled: false, filePath: path })) as never;
  }, target);
  const answers = await page.evaluate(async () => ({
    folder: await window.pretext.chooseFolder({ title: 'x' }),
    files: await window.pretext.chooseFiles({ title: 'x', multiple: true }),
    text: await window.pretext.saveText({ title: 'x', text: 'a,b\n' }),
  }));
  expect(answers).toEqual({
    folder: '/data/a',
    files: ['/data/a', '/data/b'],
    text: { saved: target, failure: null },
  });
  await application.evaluate(({ dialog }) => {
    dialog.showOpenDialog = (async () => ({ canceled: true, filePaths: [] })) as never;
    dialog.showSaveDialog = (async () => ({ canceled: false, filePath: '/nowhere/at/all.csv' })) as never;
  });
  const dismissed = await page.evaluate(async () => ({
    folder: await window.pretext.chooseFolder({ title: 'x' }),
    text: await window.pretext.saveText({ title: 'x', text: 'a' }),
  }));
  expect(dismissed.folder).toBeNull();
  expect(dismissed.text).toMatchObject({
    saved: null,
    failure: { code: 'file.not-written', place: '/nowhere/at/all.csv' },
  });
});
