import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { controlFile, readArguments } from '../../../../build/installers/debian-packer.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pretext-packer-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const BASIC = ['-s', 'dir', '--force', '-t', 'deb'];

test('an argument that it does not know is refused, and so is another kind of package', () => {
  expect(() => readArguments([...BASIC, '--deb-pre-depends', 'x'])).toThrow('--deb-pre-depends');
  expect(() => readArguments(['-s', 'dir', '-t', 'rpm'])).toThrow(/deb from dir/);
});

test('a description of several lines keeps its form', () => {
  const read = readArguments([
    ...BASIC,
    '--name',
    'p',
    '--description',
    'Short\n long\n\n more',
    '-d',
    'a | b',
    '-d',
    'c',
  ]);
  expect(controlFile(read, 2049)).toBe(
    'Package: p\nInstalled-Size: 3\nDepends: a | b, c\nSection: science\nPriority: optional\nDescription: Short\n long\n .\n more\n',
  );
});

describe.runIf(process.platform === 'linux')('the package that it makes', () => {
  test('holds files, links and scripts as dpkg reads them, and is the same each time', () => {
    const tree = join(folder, 'app dir');
    mkdirSync(join(tree, 'bin'), { recursive: true });
    writeFileSync(join(tree, 'bin', 'run'), '#!/bin/sh\n', { mode: 0o700 });
    writeFileSync(join(tree, 'text'), 'text', { mode: 0o600 });
    symlinkSync('run', join(tree, 'bin', 'link'));
    const script = join(folder, 'after');
    writeFileSync(script, '#!/bin/sh\nexit 0\n');
    const make = (name: string) => {
      const file = join(folder, name);
      const args = [
        ...BASIC,
        '--architecture',
        'amd64',
        '--name',
        'p',
        '--version',
        '1.0',
        '--maintainer',
        'me <me@x>',
      ];
      args.push(
        '--description',
        'Short',
        '--deb-compression',
        'gz',
        '--after-install',
        script,
        '--package',
        file,
      );
      args.push(`${tree}/=/opt/A Program`, `${script}=/usr/bin/command`);
      const environment = { ...process.env, SOURCE_DATE_EPOCH: '1000000000' };
      execFileSync('build/installers/debian-packer.mjs', args, { env: environment, stdio: 'pipe' });
      return file;
    };
    const file = make('one.deb');
    const listed = execFileSync('dpkg-deb', ['-c', file], { encoding: 'utf8' });
    expect(listed).toMatch(/^-rwxr-xr-x root\/root .* \.\/opt\/A Program\/bin\/run$/m);
    expect(listed).toMatch(/^-rw-r--r-- root\/root .* \.\/opt\/A Program\/text$/m);
    expect(listed).toMatch(/\.\/opt\/A Program\/bin\/link -> run$/m);
    expect(execFileSync('dpkg-deb', ['-f', file, 'Package', 'Version'], { encoding: 'utf8' })).toBe(
      'Package: p\nVersion: 1.0\n',
    );
    execFileSync('cmp', [file, make('two.deb')]);
  });
});
