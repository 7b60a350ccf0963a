import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const source = fileURLToPath(new URL('../../../../src/training/pretext/silence.ts', import.meta.url));
/** A process whose main thread stands still in what it computes with others, as where a machine is gone. */
const still = `
const { watchForSilence } = await import(${JSON.stringify(source)});
const watch = watchForSilence(['lab1:7700', 'lab2:7700'], 300);
watch.during(() => 1);
await new Promise((resolve) => setTimeout(resolve, 600));
console.log('not ended between steps');
watch.during(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
`;

it('ends a process that waits for ever, with words, and leaves one alone that computes nothing with others', async () => {
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', still]);
  await expect(run).rejects.toMatchObject({
    signal: 'SIGKILL',
    stdout: expect.stringContaining('not ended between steps'),
    stderr: expect.stringMatching(/No word from lab1:7700, lab2:7700/),
  });
});
