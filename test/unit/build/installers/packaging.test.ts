/** What cannot be built on this machine is decided by tables: these are looked at for every system. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  packagingConfiguration,
  WINDOWS_RUNTIME,
  windowsRuntimeFiles,
} from '../../../../build/packaging.mjs';
import { packagedNode } from '../../../../build/setup/node.mjs';
import { readManifest } from '../../../../build/setup/tensorflow.mjs';
import { record } from '../../../../build/runtime/record-checksum.mjs';

const electron = { folder: '/electron', version: '45.4.1', fallback: false };
const configuration = () => packagingConfiguration({ runtime: '/runtime', node: '/node', electron });

test('each system has a TensorFlow with a checksum, or an archive that is refused until one is recorded', () => {
  const builds = readManifest().builds.filter(({ variant }) => variant === 'cpu');
  const systems = builds.map(({ platform, arch }) => `${platform}-${arch}`).sort();
  expect(systems).toEqual(['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-x64']);
  for (const { sources } of builds)
    for (const { kind, sha256, url } of sources) {
      if (kind === 'wheel') expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      else expect(url).toMatch(/^https:.*\/libtensorflow-cpu-.*\.(tar\.gz|zip)$/);
    }
});

test('a checksum is recorded in its own line, and in no other', () => {
  const text = readFileSync('build/runtime/manifest.json', 'utf8');
  const archive = readManifest()
    .builds.find(({ platform }) => platform === 'win32')
    ?.sources.find(({ kind }) => kind === 'archive');
  const changed = record(text, archive?.url ?? '', 'f'.repeat(64)).split('\n');
  const lines = text.split('\n');
  const other = changed.filter((line: string, at: number) => line !== lines[at]);
  expect(other).toEqual([`          "sha256": "${'f'.repeat(64)}"`]);
  expect(JSON.parse(changed.join('\n'))).toMatchObject({ builds: expect.any(Array) });
});

test('each system has a Node for the command line among the optional packages', () => {
  const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  expect(Object.keys(optionalDependencies)).toHaveLength(5);
  for (const version of Object.values(optionalDependencies)) expect(version).toMatch(/^24\.\d+\.\d+$/);
  expect(packagedNode('sunos', 'sparc')).toBeNull();
});

test('Windows: for one user without an administrator, whose data stay, with Microsoft’s runtime beside TensorFlow', () => {
  const { nsis } = configuration();
  expect(nsis).toMatchObject({ perMachine: false, allowElevation: false, deleteAppDataOnUninstall: false });
  const files = windowsRuntimeFiles({ VCToolsRedistDir: 'R' }, 'win32');
  expect(files.map(({ to }) => to)).toEqual(WINDOWS_RUNTIME.map((name) => `runtime/${name}`));
  expect(() => windowsRuntimeFiles({}, 'win32')).toThrow(/VCToolsRedistDir/);
  expect(windowsRuntimeFiles({}, 'linux')).toEqual([]);
});

test('macOS: hardened, with the entitlements that V8 and a library of others need, and no more', () => {
  const { mac } = configuration();
  expect(mac).toMatchObject({ hardenedRuntime: true, entitlements: 'build/entitlements.mac.plist' });
  expect(mac.fileAssociations[0]).toMatchObject({ ext: ['pretext'], isPackage: true });
  const keys = [...readFileSync(mac.entitlements, 'utf8').matchAll(/<key>(.*?)<\/key>/g)].map(
    ([, key]) => key,
  );
  expect(keys.sort()).toEqual(
    ['allow-jit', 'allow-unsigned-executable-memory', 'disable-library-validation'].map(
      (name) => `com.apple.security.cs.${name}`,
    ),
  );
});

test('Linux: dependencies by their old and their new names, the command on the PATH, and no update feed', () => {
  const { deb, publish, linux } = configuration();
  expect(deb.depends).toContain('libgtk-3-0t64 | libgtk-3-0');
  expect(deb.fpm.some((line) => line.endsWith('=/usr/bin/pretext'))).toBe(true);
  expect(publish).toBeNull();
  expect(linux.fileAssociations[0]?.ext).toEqual(['pretext-recipe']);
});
