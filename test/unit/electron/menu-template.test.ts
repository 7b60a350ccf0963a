import { expect, test } from 'vitest';
import type { MenuItemConstructorOptions } from 'electron';
import { menuTemplate } from '../../../electron/menu-template.ts';

/** Keys that Electron gives to roles of its own accord, where an item names none: those that end something. */
const OWN_KEYS: Partial<Record<NonNullable<MenuItemConstructorOptions['role']>, string>> = {
  close: 'CmdOrCtrl+W',
  quit: 'CmdOrCtrl+Q',
};

function items(platform: NodeJS.Platform): MenuItemConstructorOptions[] {
  const actions = { command: () => {}, quit: () => {} };
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
