import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { folderOf } from '../../fixtures/imports.ts';

const app = vi.hoisted(() => ({ isPackaged: false, getAppPath: () => '/checkout' }));
vi.mock('electron', () => ({ app }));
const { findPlaces } = await import('../../../electron/places.ts');

function places(packaged: boolean, folder: string, environment: Record<string, string | undefined> = {}) {
  Object.assign(app, {
    isPackaged: packaged,
    getAppPath: () => (packaged ? '/opt/app/app.asar' : '/checkout'),
  });
  Object.assign(process, { resourcesPath: folder });
  const all = {
    PRETEXT_SAMPLES: undefined,
    PRETEXT_RUNTIME: undefined,
    PRETEXT_NODE: undefined,
    ...environment,
  };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
  return findPlaces();
}
afterEach(() => vi.unstubAllEnvs());

it('are those of the checkout while the program is made', () => {
  const found = places(false, '/nowhere');
  expect(found).toMatchObject({
    page: join('/checkout', 'out', 'renderer', 'index.html'),
    preload: join('/checkout', 'out', 'preload.cjs'),
    samples: join('/checkout', 'samples'),
    notices: join('/checkout', 'THIRD-PARTY-NOTICES.md'),
    runtime: undefined,
    node: process.execPath,
  });
  expect(found.entry('service')).toBe(join('/checkout', 'out', 'service.mjs'));
});

it('are beside the packaged program, whose processes are real files', async () => {
  const folder = await folderOf();
  const found = places(true, folder);
  expect(found).toMatchObject({
    page: join('/opt/app/app.asar', 'out', 'renderer', 'index.html'),
    samples: join(folder, 'samples'),
    notices: join(folder, 'THIRD-PARTY-NOTICES.md'),
    resources: folder,
    node: join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
  });
  expect(found.entry('trainer')).toBe(join('/opt/app/app.asar.unpacked', 'out', 'trainer.mjs'));
  // The native library may have been left to the cache.
  expect(found.runtime).toBeUndefined();
  mkdirSync(join(folder, 'runtime'));
  expect(places(true, folder).runtime).toBe(join(folder, 'runtime'));
});

it('may be told by the environment', () => {
  const told = { PRETEXT_SAMPLES: '/s', PRETEXT_RUNTIME: '/r', PRETEXT_NODE: '/n' };
  expect(places(false, '/nowhere', told)).toMatchObject({ samples: '/s', runtime: '/r', node: '/n' });
  // The packaged program has its own library and its own Node.
  expect(places(true, '/nowhere', told)).toMatchObject({
    samples: '/s',
    runtime: undefined,
    node: join('/nowhere', 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
  });
});
