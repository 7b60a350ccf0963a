import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeMembers } from '../../../../src/machine/gpu-pack/zip.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pretext-zip-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Written by Python's zipfile, as wheels are. */
function zip(script: string): string {
  const file = join(folder, 'a.whl');
  execFileSync('python3', [
    '-c',
    `import zipfile\nz = zipfile.ZipFile(r'${file}', 'w', zipfile.ZIP_DEFLATED)\n${script}\nz.close()`,
  ]);
  return file;
}

test('members are taken by their names, empty ones too', async () => {
  const file = zip(
    "z.comment = b'a comment'\nz.writestr('a/long.txt', 'x' * 100000)\nz.writestr('a/empty', '')\nz.writestr(zipfile.ZipInfo('stored'), 'as it is')\nz.writestr('b/other', 'y')",
  );
  let bytes = 0;
  await takeMembers(
    file,
    join(folder, 'out'),
    (name) => !name.startsWith('b/'),
    (count) => (bytes += count),
  );
  expect(readFileSync(join(folder, 'out/a/long.txt'), 'utf8')).toBe('x'.repeat(100000));
  expect(readFileSync(join(folder, 'out/a/empty'), 'utf8')).toBe('');
  expect(readFileSync(join(folder, 'out/stored'), 'utf8')).toBe('as it is');
  expect(existsSync(join(folder, 'out/b'))).toBe(false);
  expect(bytes).toBe(100008);
});

test('a name that leads out of the folder is refused', async () => {
  const file = zip("z.writestr('../out-of-here', 'x')");
  await expect(
    takeMembers(
      file,
      join(folder, 'out'),
      () => true,
      () => {},
    ),
  ).rejects.toThrow('unsafe name');
  expect(existsSync(join(folder, 'out-of-here'))).toBe(false);
});

test('half a file is no zip file', async () => {
  const file = zip("z.writestr('a', 'x' * 1000)");
  truncateSync(file, 60);
  await expect(
    takeMembers(
      file,
      join(folder, 'out'),
      () => true,
      () => {},
    ),
  ).rejects.toThrow('no zip file');
});
