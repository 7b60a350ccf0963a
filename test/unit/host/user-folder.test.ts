import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { userFolder } from '../../../src/host/user-folder.ts';

test.each([
  ['linux', {}, join(homedir(), '.config', 'Pretext Studio')],
  ['linux', { XDG_CONFIG_HOME: '/cfg' }, join('/cfg', 'Pretext Studio')],
  ['darwin', {}, join(homedir(), 'Library', 'Application Support', 'Pretext Studio')],
  ['win32', { APPDATA: '/roaming' }, join('/roaming', 'Pretext Studio')],
  ['linux', { PRETEXT_USER_DATA: '/window' }, '/window'],
  ['linux', { PRETEXT_USER_DATA: '/window', PRETEXT_CONFIG: '/chosen' }, '/chosen'],
] as const)('on %s with %o it is %s', (platform, variables, folder) => {
  expect(userFolder(variables, platform)).toBe(folder);
});
