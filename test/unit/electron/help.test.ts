import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Places } from '../../../electron/places.ts';
import { folderOf } from '../../fixtures/imports.ts';

const system = vi.hoisted(() => ({
  asked: [] as Record<string, unknown>[],
  response: 0,
  opened: [] as string[],
  copied: '',
  packaged: true,
  home: '',
}));
vi.mock('node:os', async (original) => ({
  ...(await original<object>()),
  homedir: () => system.home,
}));
vi.mock('electron', () => ({
  app: {
    get isPackaged() {
      return system.packaged;
    },
    getVersion: () => '1.2.3',
  },
  clipboard: { writeText: (text: string) => (system.copied = text) },
  dialog: {
    showMessageBox: (...options: Record<string, unknown>[]) => {
      system.asked.push(options.at(-1)!);
      return Promise.resolve({ response: system.response });
    },
  },
  shell: {
    openPath: (path: string) => Promise.resolve(system.opened.push(path)),
    showItemInFolder: (path: string) => system.opened.push(path),
  },
}));
const { helpActions } = await import('../../../electron/help.ts');

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
let folder = '';
beforeEach(async () => {
  folder = await folderOf();
  Object.assign(system, {
    asked: [],
    response: 0,
    opened: [],
    copied: '',
    packaged: true,
    home: join(folder, 'home'),
  });
  vi.stubEnv('PRETEXT_CRASH_REPORTS', join(folder, 'reports'));
  vi.stubEnv('APPIMAGE', join(folder, 'Pretext.AppImage'));
  vi.stubEnv('LOCALAPPDATA', join(folder, 'local'));
});
afterEach(() => vi.unstubAllEnvs());
const actions = (window: object | null = null) =>
  helpActions(
    { notices: '/NOTICES.md', resources: join(folder, 'resources') } as Places,
    () => window as never,
  );

it('tells versions, which can be copied, and whose work is in the program', async () => {
  actions().about();
  await settled();
  const [{ detail, buttons }] = system.asked as [{ detail: string; buttons: string[] }];
  expect(detail).toContain('Version 1.2.3');
  expect(detail).toContain(`Node.js ${process.versions.node}`);
  expect(detail).toContain(`Crash reports: none, in ${join(folder, 'reports')}`);
  expect(buttons).toEqual(['Close', 'Licences and notices', 'Copy the versions']);
  expect([system.opened, system.copied]).toEqual([[], '']);
  system.response = 1;
  actions({}).about();
  await settled();
  expect(system.opened).toEqual(['/NOTICES.md']);
  system.response = 2;
  actions().about();
  await settled();
  expect(system.copied).toContain('Version 1.2.3');
  actions().notices();
  expect(system.opened).toEqual(['/NOTICES.md', '/NOTICES.md']);
});

it('says that there are no crash reports', async () => {
  actions().crashReports();
  await settled();
  expect(system.asked[0]).toMatchObject({ message: 'No process of the program has crashed.' });
});

it('offers no command in a checkout', () => {
  system.packaged = false;
  expect(actions().installCommand).toBeUndefined();
});

it.runIf(process.platform === 'linux')(
  'puts the command where it belongs, and says what to do for a terminal to find it',
  async () => {
    vi.stubEnv('PATH', '/usr/bin');
    const { installCommand } = actions();
    installCommand!();
    await settled();
    const { message, detail } = system.asked[0] as { message: string; detail: string };
    const file = message.replace('The command is ', '');
    expect(file.startsWith(join(folder, 'home'))).toBe(true);
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toContain('Pretext.AppImage');
    expect(detail).toBe(
      `${dirname(file)} is not among the folders where your terminal looks for commands: log in anew, or add it to PATH.`,
    );
    vi.stubEnv('PATH', `/usr/bin:${dirname(file)}`);
    installCommand!();
    await settled();
    expect(system.asked[1]).toMatchObject({ detail: 'Open a terminal and type: pretext doctor' });
  },
);

it.runIf(process.platform === 'linux')('says why the command could not be put there', async () => {
  // A file stands where the folder would have to be.
  system.home = (await folderOf({ home: 'a file' })) + '/home';
  actions().installCommand!();
  await settled();
  expect(system.asked[0]).toMatchObject({
    type: 'error',
    message: 'The pretext command could not be installed.',
  });
  expect(system.asked[0]!['detail']).not.toBe('');
});
