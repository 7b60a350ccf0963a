import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fetchWheel, findWheel, requireChecksum } from '../../../../src/machine/gpu-pack/download.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';
import { makeWheel, startIndex, type LocalIndex, type MadeWheel } from '../../../fixtures/wheels.ts';

const made = makeWheel('nvidia-small', { 'nvidia/small/lib/a.so': 'library '.repeat(500) });
const indices: { close(): void }[] = [];
afterEach(() => {
  for (const index of indices.splice(0)) index.close();
});
async function started(form: 'json' | 'page' = 'json', wheels: MadeWheel[] = [made]): Promise<LocalIndex> {
  const index = await startIndex(wheels, form);
  indices.push(index);
  return index;
}

/** An index that answers everything alike. */
async function answering(status: number, type: string, text: string): Promise<string> {
  const server: Server = createServer((_, response) =>
    response.writeHead(status, { 'content-type': type }).end(text),
  );
  indices.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`;
}
const problem = (found: string) => ({
  failure: { code: 'gpu-pack.index', message: `The package index did not give what is needed. ${found}` },
});

describe('the address of a wheel', () => {
  it.each(['json', 'page'] as const)(
    'is found in an index as %s, with or without a slash at its end',
    async (form) => {
      const { address } = await started(form);
      const expected = address.replace('/simple', `/files/${made.wheel.file}`);
      // A page tells the checksum behind the address.
      for (const told of [address, `${address}/`])
        expect((await findWheel(told, made.wheel)).split('#')[0]).toBe(expected);
    },
  );

  it('is taken from where the page lies, and as its text means it', async () => {
    const page = `<a href="../files/x.whl?a=1&amp;b=2" data-x="1"> ${made.wheel.file} </a>`;
    const address = await answering(200, 'text/html', page);
    expect(await findWheel(address, made.wheel)).toBe(
      `${address.replace('/simple', '/simple/files')}/x.whl?a=1&b=2`,
    );
  });

  it('is told as missing where the index has other files, refuses, or is none', async () => {
    const other = { ...made.wheel, file: 'other.whl' };
    const { address } = await started();
    await expect(findWheel(address, other)).rejects.toMatchObject(problem('It has no file other.whl.'));
    await expect(findWheel(await answering(503, 'text/html', ''), made.wheel)).rejects.toMatchObject(
      problem('It answered 503.'),
    );
    await expect(
      findWheel(await answering(200, 'application/json', '<html>'), made.wheel),
    ).rejects.toMatchObject(problem('Its answer is no list of files.'));
    await expect(findWheel('http://127.0.0.1:1/simple', made.wheel)).rejects.toMatchObject({
      failure: { code: 'gpu-pack.index', message: expect.stringContaining('It cannot be reached') as string },
    });
  });

  it('is no failure of the index where nobody wants it any more', async () => {
    const { address } = await started();
    await expect(findWheel(address, made.wheel, AbortSignal.abort())).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('fetching a wheel', () => {
  const to = () => join(temporaryFolder(), 'deep', made.wheel.file);
  const addressOf = (index: LocalIndex) => findWheel(index.address, made.wheel);

  it('gives the file its name once it is right, and tells of every part', async () => {
    const file = to();
    const told: number[] = [];
    await fetchWheel(await addressOf(await started()), made.wheel, file, (bytes) => told.push(bytes));
    expect(readFileSync(file).equals(Buffer.from(made.bytes))).toBe(true);
    expect(existsSync(`${file}.partial`)).toBe(false);
    expect(told.at(-1)).toBe(made.wheel.bytes);
  });

  it('goes on from where the connection broke', async () => {
    const index = await started();
    const address = await addressOf(index);
    const file = to();
    index.breakAfter = 100;
    await expect(fetchWheel(address, made.wheel, file, () => {})).rejects.toMatchObject({
      failure: { code: 'gpu-pack.index', message: expect.stringContaining('The connection broke') as string },
    });
    expect(existsSync(file)).toBe(false);
    index.breakAfter = null;
    const told: number[] = [];
    await fetchWheel(address, made.wheel, file, (bytes) => told.push(bytes));
    expect(index.asked.at(-1)).toMatch(/bytes=\d+-$/);
    expect(readFileSync(file).equals(Buffer.from(made.bytes))).toBe(true);
    expect(told[0]).toBeGreaterThan(0);
  });

  it('removes what is not the file it should be, so that it is fetched anew', async () => {
    const other = { ...made.wheel, sha256: '0'.repeat(64) };
    const file = to();
    const address = await addressOf(await started());
    await expect(fetchWheel(address, other, file, () => {})).rejects.toMatchObject({
      failure: {
        code: 'gpu-pack.checksum',
        message: `${made.wheel.file} is not the file it should be. Its checksum is ${made.wheel.sha256}; it should be ${'0'.repeat(64)}. It was removed.`,
      },
    });
    expect(existsSync(`${file}.partial`)).toBe(false);
  });

  it('says what the index answered instead', async () => {
    const address = await answering(404, 'text/plain', 'gone');
    await expect(fetchWheel(address, made.wheel, to(), () => {})).rejects.toMatchObject(
      problem(`It answered 404 for ${made.wheel.file}.`),
    );
  });
});

it('leaves a wrong file alone that somebody else has put there', async () => {
  const file = join(temporaryFolder(), 'a.whl');
  writeFileSync(file, 'abc');
  const wheel = { ...made.wheel, sha256: createHash('sha256').update('abc').digest('hex') };
  await requireChecksum(file, wheel);
  await expect(requireChecksum(file, made.wheel)).rejects.toMatchObject({
    failure: {
      code: 'gpu-pack.checksum',
      remedy: 'Put the right file there: the one of this name and checksum.',
    },
  });
  expect(existsSync(file)).toBe(true);
});
