import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { watchFolders } from '../../../../src/cli/commands/watch.ts';
import type { Environment } from '../../../../src/cli/environment.ts';
import type { HostedProcess, ProcessHost } from '../../../../src/contract/messages/host.ts';
import type { ToTrainer } from '../../../../src/contract/messages/trainer.ts';

const folder = mkdtempSync(join(tmpdir(), 'pretext-watch-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A trainer that answers files whose names say so, and refuses all as soon as one is of another kind. */
function answering(
  asked: string[][],
  decimals: unknown[] = [],
  onAsked: (outputFile: string) => void = () => {},
): ProcessHost {
  const start = (): HostedProcess => {
    let tell: (message: unknown) => void = () => {};
    return {
      send(raw) {
        const message = raw as ToTrainer;
        if (message.type !== 'ask') return;
        const { from, output } = message.question as {
          from: { paths: string[]; decimal?: string };
          output: { file: string };
        };
        asked.push(from.paths);
        onAsked(output.file);
        decimals.push(from.decimal);
        const wrong = from.paths.find((path) => path.includes('wrong'));
        const failure = wrong && { code: 'model.other-channels', message: 'It has, two channels.' };
        writeFileSync(output.file, `source,label\r\n${from.paths.map((path) => `${path},a\r\n`).join('')}`);
        const value = {
          samples: from.paths.length,
          rows: [],
          leftOut: 0,
          issues: [],
          seconds: 1,
          file: output.file,
          leftOutFile: null,
          stretches: null,
        };
        tell({ type: 'answer', id: message.id, ...(failure ? { failure } : { value }) });
      },
      onMessage(listener) {
        tell = listener;
        queueMicrotask(() => listener({ type: 'ready' }));
        return () => {};
      },
      onExit: () => {},
      end: () => {},
      kill: () => {},
      openPort: () => {
        throw new Error('no port is asked for');
      },
    };
  };
  return { start };
}

test('a file that the model cannot read is listed, and those that came with it are answered', async () => {
  for (const name of ['1.csv', '2-wrong.csv', '3.csv', '4.csv']) writeFileSync(join(folder, name), name);
  const asked: string[][] = [];
  const decimals: unknown[] = [];
  const stop = new AbortController();
  let said = '';
  const stderr = new Writable({
    write(chunk, _encoding, done) {
      said += String(chunk);
      if (said.includes('answered so far')) stop.abort();
      done();
    },
  });
  const environment: Environment = {
    host: answering(asked, decimals),
    stdout: stderr,
    stderr,
    folder,
    onInterrupt: () => () => {},
  };
  const file = join(folder, 'answers.csv');
  const output = { file, format: 'csv' as const, overwrite: false, embeddings: false };
  await watchFolders(environment, { model: folder, paths: [folder], output, decimal: 'comma' }, stop.signal);
  const at = (name: string) => join(folder, name);
  expect(readFileSync(file, 'utf8')).toBe(
    `source,label\r\n${at('1.csv')},a\r\n${at('3.csv')},a\r\n${at('4.csv')},a\r\n`,
  );
  expect(readFileSync(`${file}.left-out.csv`, 'utf8')).toBe(
    `file,row,reason,message\r\n${at('2-wrong.csv')},,other-channels,"It has, two channels."\r\n`,
  );
  expect(said).toContain('3 samples answered so far');
  expect(asked.map((paths) => paths.length)).toEqual([4, 2, 1, 1, 2]);
  // In halves as together: what a number means must not hang on who came with it.
  expect(decimals).toEqual(Array(5).fill('comma'));
});

/** Follows until some words are said, or it ends by itself. */
async function watching(file: string, from: string, host: ProcessHost, until: string): Promise<void> {
  const stop = new AbortController();
  const stderr = new Writable({
    write(chunk, _encoding, done) {
      if (String(chunk).includes(until)) stop.abort();
      done();
    },
  });
  const environment: Environment = { host, stdout: stderr, stderr, folder, onInterrupt: () => () => {} };
  const output = { file, format: 'csv' as const, overwrite: false, embeddings: false };
  await watchFolders(environment, { model: folder, paths: [from], output }, stop.signal);
}

test('two that follow into one file have parts of their own, and nothing of the one that is refused stays', async () => {
  const [from, to] = ['from', 'to'].map((name) => join(folder, name));
  for (const path of [from!, to!]) mkdirSync(path);
  writeFileSync(join(from!, '1.csv'), '1');
  const file = join(to!, 'both.csv');
  const parts: string[] = [];
  const refused = watching(
    file,
    from!,
    answering([], [], (part) => {
      parts.push(part);
      // While it is being answered, another one has written its answers.
      writeFileSync(file, 'of another\n');
      expect(dirname(part)).not.toBe(to);
    }),
    'answered so far',
  );
  await expect(refused).rejects.toMatchObject({ failure: { code: 'file.written-by-another' } });
  expect(readFileSync(file, 'utf8')).toBe('of another\n');
  expect(readdirSync(to!)).toEqual(['both.csv']);
  rmSync(file);
  await watching(
    file,
    from!,
    answering([], [], (part) => parts.push(part)),
    'answered so far',
  );
  expect(new Set(parts).size).toBe(2);
  expect(readdirSync(to!)).toEqual(['both.csv']);
});

test('a list of what an earlier one left out is not lost unasked', async () => {
  const file = join(folder, 'moved.csv');
  const list = `${file}.left-out.csv`;
  writeFileSync(list, 'file,row,reason,message\r\n');
  await expect(watching(file, folder, answering([]), 'Following')).rejects.toMatchObject({
    failure: { code: 'file.exists', place: list },
  });
  expect(existsSync(list)).toBe(true);
});
