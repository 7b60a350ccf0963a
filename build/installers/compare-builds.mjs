// `node build/installers/compare-builds.mjs ONE OTHER`: whether two builds of one commit are alike. Each is a folder of
// an unpacked program, a deb or an AppImage. Ends with 1 where they differ in anything but the stated places.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What may differ, and why. */
const STATED = [
  {
    files: /(^|\/)resources\/runtime\/runtime\.json$/,
    why: 'names the Node that set TensorFlow up',
  },
];

/** What stands at a path: the kind, whether it can be started, and its contents. */
function factsOf(folder, path) {
  const full = join(folder, path);
  const facts = lstatSync(full);
  if (facts.isSymbolicLink()) return `link to ${readlinkSync(full)}`;
  if (facts.isDirectory()) return 'folder';
  const kind = facts.mode & 0o111 ? 'program' : 'file';
  return `${kind} ${createHash('sha256').update(readFileSync(full)).digest('hex')}`;
}

/**
 * @param {string} one a folder
 * @param {string} other
 * @returns {{ path: string, how: 'only in the first' | 'only in the second' | 'differs', stated: string | null }[]}
 */
export function compareFolders(one, other) {
  const list = (folder) => new Set(readdirSync(folder, { recursive: true }).map(String));
  const [first, second] = [list(one), list(other)];
  return [...new Set([...first, ...second])].sort().flatMap((path) => {
    const how = !second.has(path)
      ? 'only in the first'
      : !first.has(path)
        ? 'only in the second'
        : factsOf(one, path) === factsOf(other, path)
          ? null
          : 'differs';
    if (how === null) return [];
    return [{ path, how, stated: STATED.find(({ files }) => files.test(path))?.why ?? null }];
  });
}

/** A folder of what an installer holds. */
function unpack(path, work) {
  if (statSync(path).isDirectory()) return path;
  if (path.endsWith('.deb')) execFileSync('dpkg-deb', ['-R', path, work]);
  else execFileSync(path, ['--appimage-extract'], { cwd: work, stdio: 'ignore' });
  return work;
}

function main([one, other]) {
  if (!one || !other) {
    process.stderr.write('Name two builds: folders of unpacked programs, debs or AppImages.\n');
    return 2;
  }
  const work = mkdtempSync(join(tmpdir(), 'pretext-compare-'));
  try {
    const folders = [one, other].map((path) => unpack(resolve(path), mkdtempSync(join(work, 'build-'))));
    const found = compareFolders(folders[0], folders[1]);
    for (const { path, how, stated } of found)
      process.stdout.write(`${how}: ${path}${stated ? ` (stated: ${stated})` : ''}\n`);
    const faults = found.filter(({ stated }) => stated === null);
    const same =
      [one, other].every((path) => statSync(path).isFile()) && readFileSync(one).equals(readFileSync(other));
    process.stdout.write(
      `${faults.length === 0 ? 'alike' : 'not alike'}${same ? ', byte for byte' : ''}: ${found.length} differences, ${found.length - faults.length} of them stated\n`,
    );
    return faults.length === 0 ? 0 : 1;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (import.meta.filename === process.argv[1]) process.exitCode = main(process.argv.slice(2));
