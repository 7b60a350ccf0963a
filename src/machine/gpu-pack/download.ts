/** Fetches a wheel from a package index: found there by its name, resumed after an interruption, compared with its checksum. */
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PretextError } from '../../contract/errors.ts';
import type { GpuWheel } from '../../contract/machine/gpu-pack.ts';
import { sha256OfFile } from '../file-hash.ts';

/** PEP 691; an older index answers with a page. */
const INDEX_FORMATS = 'application/vnd.pypi.simple.v1+json, text/html;q=0.5';

/**
 * The address of a wheel's file.
 * @throws PretextError `gpu-pack.index` where the index cannot be reached, or has no such file
 */
export async function findWheel(index: string, wheel: GpuWheel, signal?: AbortSignal): Promise<string> {
  const page = new URL(`${wheel.package}/`, index.endsWith('/') ? index : `${index}/`).href;
  const response = await reach(page, { headers: { accept: INDEX_FORMATS }, ...(signal && { signal }) });
  if (!response.ok) throw indexProblem(page, `It answered ${response.status}.`);
  const text = await response.text();
  const address = (response.headers.get('content-type') ?? '').includes('json')
    ? inJson(page, text, wheel.file)
    : inPage(text, wheel.file);
  if (!address) throw indexProblem(page, `It has no file ${wheel.file}.`);
  return new URL(address, response.url || page).href;
}

function inJson(page: string, text: string, file: string): string | undefined {
  let listed: { files?: { filename?: string; url?: string }[] };
  try {
    listed = JSON.parse(text) as typeof listed;
  } catch {
    throw indexProblem(page, 'Its answer is no list of files.');
  }
  return listed.files?.find(({ filename }) => filename === file)?.url;
}

function inPage(text: string, file: string): string | undefined {
  const links = text.matchAll(/<a\s[^>]*href="([^"]+)"[^>]*>\s*([^<]+?)\s*<\/a>/gi);
  return [...links].find(([, , name]) => name === file)?.[1]?.replaceAll('&amp;', '&');
}

/** Fetches the file under a temporary name, from where an earlier attempt stopped, and gives it its name when it is right. */
export async function fetchWheel(
  address: string,
  wheel: GpuWheel,
  file: string,
  onBytes: (done: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}.partial`;
  const have = await sizeOf(partial);
  if (have < wheel.bytes) {
    const headers: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {};
    const response = await reach(address, { headers, ...(signal && { signal }) });
    if (!response.ok || !response.body)
      throw indexProblem(address, `It answered ${response.status} for ${wheel.file}.`);
    const resumed = response.status === 206;
    let done = resumed ? have : 0;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        done += chunk.length;
        onBytes(done);
        next(null, chunk);
      },
    });
    const target = createWriteStream(partial, { flags: resumed ? 'a' : 'w', flush: true });
    try {
      await pipeline(Readable.fromWeb(response.body as never), counted, target, {
        ...(signal && { signal }),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw indexProblem(address, `The connection broke: ${(error as Error).message}`);
    }
  }
  await requireChecksum(partial, wheel);
  await rename(partial, file);
}

/** @throws PretextError `gpu-pack.checksum`; a file that we fetched ourselves is removed, so that it is fetched anew */
export async function requireChecksum(file: string, wheel: GpuWheel): Promise<void> {
  const found = await sha256OfFile(file);
  if (found === wheel.sha256) return;
  const ours = file.endsWith('.partial');
  if (ours) await rm(file);
  throw new PretextError({
    code: 'gpu-pack.checksum',
    message: `${wheel.file} is not the file it should be. Its checksum is ${found}; it should be ${wheel.sha256}.${ours ? ' It was removed.' : ''}`,
    place: file,
    remedy: ours
      ? 'Try again. If it happens again, the file was changed at its source or on the way: use another source.'
      : 'Put the right file there: the one of this name and checksum.',
  });
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

async function reach(address: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(address, options);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    const cause = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message;
    throw indexProblem(address, `It cannot be reached (${cause}).`);
  }
}

function indexProblem(place: string, found: string): PretextError {
  return new PretextError({
    code: 'gpu-pack.index',
    message: `The package index did not give what is needed. ${found}`,
    place,
    remedy:
      'Look at the address and the connection, and try again: what was fetched already is kept. Or fetch the files on another machine, and name the folder that holds them.',
  });
}
