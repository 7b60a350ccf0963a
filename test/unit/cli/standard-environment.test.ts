import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, '../../../src/cli/main.ts');

it('a command whose output nobody reads any more ends as if somebody did', async () => {
  // Longer than a pipe holds, so that it is still writing when the reader has gone.
  const child = spawn(process.execPath, [MAIN, 'recipe', 'init'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  child.stdout.destroy();
  const [status] = (await once(child, 'exit')) as [number | null];
  expect(told).toBe('');
  expect(status).toBe(0);
});
