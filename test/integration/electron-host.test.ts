import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleForNode } from '../../build/bundle.mjs';
import { ensureElectron, type Electron } from '../../build/setup/electron.mjs';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/host/${name}`, import.meta.url));

let electron: Electron;
let program: string;

beforeAll(async () => {
  electron = await ensureElectron({ node: process.execPath });
  program = mkdtempSync(join(tmpdir(), 'pretext-electron-host-'));
  for (const [name, source] of [
    ['main', fixture('electron-main.ts')],
    ['service', fixture('service.ts')],
  ] as const) {
    await bundleForNode(program, { [name]: source }, 'node16', {
      format: 'cjs',
      entryFileNames: '[name].cjs',
      codeSplitting: false,
    });
  }
  writeFileSync(
    join(program, 'package.json'),
    JSON.stringify({ name: 'host-test', version: '0.0.0', main: 'main.cjs' }),
  );
});

afterAll(() => rmSync(program, { recursive: true, force: true }));

function start(host: 'utility' | 'node', environment: Record<string, string> = {}): ChildProcess {
  const child = spawn(electron.executable, ['--no-sandbox', '--disable-gpu', program], {
    env: {
      ...process.env,
      PRETEXT_HOST: host,
      PRETEXT_NODE: process.execPath,
      PRETEXT_ECHO: join(program, 'service.cjs'),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return child;
}

async function firstDocument(child: ChildProcess): Promise<Record<string, unknown>> {
  if (!child.stdout) throw new Error('started without stdout');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{')) return JSON.parse(line) as Record<string, unknown>;
  }
  throw new Error('Electron ended without a document');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<boolean> {
  const end = Date.now() + 10_000;
  while (!condition() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  return condition();
}

describe.each(['utility', 'node'] as const)('the process host of Electron, with %s processes', (kind) => {
  test('carries messages, ports, and processes started by a process', async () => {
    const document = await firstDocument(start(kind));
    expect(document).toMatchObject({
      kind,
      identity: { arguments: ['--project', 'x y'], greeting: 'hello', utility: kind === 'utility' },
      trainer: { arguments: ['--trainer', 'x'], greeting: 'hi', utility: kind === 'utility' },
      floats: [true, 1.5, 0],
      map: '1',
      portEcho: [true, 7, 8],
      portClosed: true,
      trainerEnded: true,
      exit: { code: 7, signal: null },
    });
    expect((document['exit'] as { lastOutput: string }).lastOutput).toContain('last words');
  });

  test('when Electron is killed, no process of it is left', async () => {
    const main = start(kind, { PRETEXT_STAY: '1' });
    const { pids } = (await firstDocument(main)) as { pids: number[] };
    expect(pids.map(isAlive)).toEqual([true, true]);
    main.kill('SIGKILL');
    expect(await until(() => !pids.some(isAlive))).toBe(true);
  });
});
