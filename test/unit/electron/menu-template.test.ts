import { expect, test } from 'vitest';
import type { MenuItemConstructorOptions } from 'electron';
import { menuTemplate } from '../../../electron/menu-template.ts';

/** Keys that Electron gives to roles of its own accord, where an item names none: those that end something. */
const OWN_KEYS: Partial<Record<NonNullable<MenuItemConstructorOptions['role']>, string>> = {
  close: 'CmdOrCtrl+W',
  quit: 'CmdOrCtrl+Q',
};

function items(platform: NodeJS.Platform): MenuItemConstructorOptions[] {
  const nothing = () => {};
  const actions = {
    command: nothing,
    quit: nothing,
    open: nothing,
    about: nothing,
    notices: nothing,
    crashReports: nothing,
    installCommand: nothing,
  };
  return menuTemplate(platform, false, actions).flatMap(({ submenu = [], role }) =>
    Array.isArray(submenu) && submenu.length > 0 ? submenu : [{ role: role! }],
  );
}

test.each(['linux', 'win32', 'darwin'] as const)('on %s each key belongs to one item', (platform) => {
  const keys = items(platform).flatMap(
    ({ accelerator, role }) => accelerator ?? (role && OWN_KEYS[role]) ?? [],
  );
  expect(new Set(keys).size).toBe(keys.length);
});

test.each(['linux', 'win32', 'darwin'] as const)('on %s Ctrl+W closes the project', (platform) => {
  const holders = items(platform).filter(
    ({ accelerator, role }) => (accelerator ?? (role && OWN_KEYS[role])) === 'CmdOrCtrl+W',
  );
  expect(holders.map(({ label }) => label)).toEqual(['Close project']);
  // The system's window menu brings a Close with that key.
  expect(items(platform).map(({ role }) => role)).not.toContain('windowMenu');
});

test('recent projects are opened by their folders, and the command is offered where nothing installed it', () => {
  const opened: string[] = [];
  const nothing = () => {};
  const actions = {
    command: nothing,
    quit: nothing,
    about: nothing,
    notices: nothing,
    crashReports: nothing,
  };
  const recent = Array.from({ length: 20 }, (_, index) => ({ directory: `/p/${index}`, name: `P${index}` }));
  const template = (installCommand: (() => void) | undefined) =>
    menuTemplate(
      'linux',
      false,
      { ...actions, open: (directory) => opened.push(directory), installCommand },
      recent,
    ).flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
  const list = template(undefined).find(({ label }) => label === 'Open recent')?.submenu;
  const items = Array.isArray(list) ? list : [];
  expect(items.map(({ label }) => label).slice(0, 2)).toEqual(['P0', 'P1']);
  expect(items).toHaveLength(12);
  (items[1] as { click: () => void }).click();
  expect(opened).toEqual(['/p/1']);
  const labels = (made: MenuItemConstructorOptions[]) => made.map(({ label }) => label);
  expect(labels(template(undefined))).not.toContain('Install the pretext command');
  expect(labels(template(nothing))).toContain('Install the pretext command');
});

test.each(['linux', 'win32', 'darwin'] as const)(
  'on %s Help and About lead to notices and crash reports',
  (platform) => {
    const labels = items(platform).map(({ label }) => label);
    for (const label of ['Licences and notices', 'Show crash reports', 'About Pretext Studio'])
      expect(labels.filter((other) => other === label)).toHaveLength(1);
  },
);
