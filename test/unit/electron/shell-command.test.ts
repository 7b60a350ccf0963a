import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commandPlace, lastingCommand, writeCommand } from '../../../electron/shell-command.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pretext-command-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('where an installer has put it on the PATH, there is nothing to write', () => {
  expect(commandPlace({ platform: 'linux', home, resources: '/opt/Pretext Studio/resources' })).toBeNull();
});

test('on Windows it goes where every user’s PATH leads, without an administrator', () => {
  const place = commandPlace({ platform: 'win32', home, resources: 'C:\\P', localAppData: 'L' });
  expect(place?.file).toBe(join('L', 'Microsoft', 'WindowsApps', 'pretext.cmd'));
  expect(place?.text).toContain('pretext.cmd" %*\r\n');
});

test('what lasts of the program is beside its resources, or what an AppImage has had written', () => {
  const resources = '/opt/Pretext Studio/resources';
  expect(lastingCommand({ platform: 'linux', home, resources })).toBe(join(resources, 'bin', 'pretext'));
  expect(lastingCommand({ platform: 'win32', home, resources })).toBe(join(resources, 'bin', 'pretext.cmd'));
  const mounted = {
    platform: 'linux' as const,
    home,
    resources: '/tmp/.mount_1/resources',
    image: '/my.AppImage',
  };
  expect(lastingCommand(mounted)).toBe(join(home, '.local', 'bin', 'pretext'));
  expect(commandPlace(mounted)?.file).toBe(lastingCommand(mounted));
});

test('a file of that name that somebody else made stays as it is', () => {
  const file = join(home, 'pretext');
  writeFileSync(file, 'mine');
  expect(() => writeCommand({ file, text: 'x' })).toThrow(/was not made by this program/);
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

describe.runIf(process.platform !== 'win32')('the file that is written', () => {
  const command = (place: ReturnType<typeof commandPlace>) => {
    if (!place) throw new Error('no place');
    writeCommand(place);
    return place.file;
  };
  const program = '#!/bin/sh\nfor one in "$@"; do echo "<$one>"; done\nexit 3\n';

  test('hands its arguments on as they are, and the status back', () => {
    const resources = join(home, "it's here", 'resources');
    mkdirSync(join(resources, 'bin'), { recursive: true });
    writeFileSync(join(resources, 'bin', 'pretext'), program, { mode: 0o755 });
    const file = command(commandPlace({ platform: 'darwin', home, resources }));
    const { stdout, status } = spawnSync(file, ['a b', '*'], { encoding: 'utf8' });
    expect([stdout, status]).toEqual(['<a b>\n<*>\n', 3]);
  });

  /** Behaves as an AppImage does for its two switches. */
  function fakeImage(canMount: boolean): string {
    const inside = join(home, 'inside', 'resources', 'bin');
    mkdirSync(inside, { recursive: true });
    writeFileSync(join(inside, 'pretext'), program, { mode: 0o755 });
    const image = join(home, 'My Program.AppImage');
    const mount = canMount ? `echo '${join(home, 'inside')}'; exec sleep 600` : 'exit 1';
    const text = `#!/bin/sh
case $1 in
  --appimage-mount) echo mounted >>'${home}/log'; ${mount} ;;
  --appimage-extract) echo unpacked >>'${home}/log'; cp -r '${home}/inside' squashfs-root ;;
esac
`;
    writeFileSync(image, text, { mode: 0o755 });
    return image;
  }

  test('mounts an AppImage for the time of the command', () => {
    const image = fakeImage(true);
    const file = command(commandPlace({ platform: 'linux', home, resources: '/none', image }));
    const { stdout, status } = spawnSync(file, ['one'], {
      encoding: 'utf8',
      env: { ...process.env, HOME: home },
    });
    expect([stdout, status]).toEqual(['<one>\n', 3]);
    const left = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    expect(left).not.toContain(image);
  });

  test('unpacks it once where it cannot be mounted, and again when it changed', () => {
    const image = fakeImage(false);
    const file = command(commandPlace({ platform: 'linux', home, resources: '/none', image }));
    const environment = { ...process.env, HOME: home, XDG_CACHE_HOME: join(home, 'cache') };
    const run = () => spawnSync(file, ['one'], { encoding: 'utf8', env: environment });
    expect(run().stdout).toBe('<one>\n');
    expect(run().status).toBe(3);
    const unpackings = () => readFileSync(join(home, 'log'), 'utf8').match(/unpacked/g)?.length;
    expect(unpackings()).toBe(1);
    writeFileSync(image, `${readFileSync(image, 'utf8')}# newer\n`);
    run();
    expect(unpackings()).toBe(2);
    rmSync(image);
    const gone = run();
    expect(gone.status).toBe(127);
    expect(gone.stderr).toContain('is not there any more');
    expect(existsSync(file)).toBe(true);
  });
});
