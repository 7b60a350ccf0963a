import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  askEngine,
  askStates,
  handOver,
  handOverForGood,
  hasOpenJobs,
  takeBack,
  writeScripts,
} from '../../../../src/bundle/engines/hand-over.ts';
import { bundleOfTwo } from '../../../fixtures/bundles.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';

let folder: string;
beforeEach(() => {
  folder = bundleOfTwo();
});

/** What the engine's script would be. */
function script(name: 'submit.sh' | 'cancel.sh', text: string): void {
  mkdirSync(join(folder, 'engine'), { recursive: true });
  writeFileSync(join(folder, 'engine', name), text);
}

describe.runIf(process.platform !== 'win32')('scripts of an engine', () => {
  it('are written once it is known how the program is called', () => {
    expect(() => writeScripts(folder, 'slurm', {}, null)).toThrow(/no command yet/);
    const wishes = { command: 'pretext-of-the-lab', partition: 'cpu' };
    const files = writeScripts(folder, 'slurm', wishes, null);
    expect(files.map((file) => file.slice(folder.length + 1))).toEqual([
      'engine/task.sh',
      'engine/submit.sh',
      'engine/cancel.sh',
      'engine/stage-1.txt',
      'engine/stage-2.txt',
    ]);
    expect(readFileSync(files[0]!, 'utf8')).toContain('pretext-of-the-lab job run');
    expect(readFileSync(files[1]!, 'utf8')).toContain('--partition=cpu');
    expect(existsSync(join(folder, 'engine', 'logs'))).toBe(true);
    expect(statSync(files[1]!).mode & 0o777).toBe(0o755);
  });

  it('are started at a word, and missing ones are told as that', async () => {
    await expect(handOver(folder)).rejects.toMatchObject({ failure: { code: 'engine.no-scripts' } });
    await expect(handOver(temporaryFolder())).rejects.toThrow(/this is no bundle of jobs/);
    script('submit.sh', 'echo "number $1"');
    expect(await handOver(folder, '2-3')).toBe('number 2-3');
    script('cancel.sh', 'echo "no such cluster" >&2; exit 1');
    await expect(takeBack(folder)).rejects.toMatchObject({
      failure: { code: 'engine.failed', message: 'The queueing system refused: no such cluster' },
    });
  });

  it('go on when nobody waits for them, and a refusal within the first moments is told', async () => {
    script('submit.sh', 'echo begun; sleep 0.4; echo ended; touch "$1"');
    const sign = join(folder, 'sign');
    expect(await handOverForGood(folder, sign, 100)).toBe('begun');
    expect(existsSync(sign)).toBe(false);
    await expect.poll(() => existsSync(sign), { timeout: 5_000 }).toBe(true);
    expect(await askEngine(folder, 'ssh')).toEqual({ words: 'begun\nended', hasOpenJobs: null });
    script('submit.sh', 'echo "no such host lab9" >&2; exit 255');
    await expect(handOverForGood(folder)).rejects.toMatchObject({
      failure: { code: 'engine.failed', message: expect.stringContaining('no such host lab9') },
    });
  });
});

it('asks an engine for nothing that was never handed to it', async () => {
  expect([askStates(folder, 'slurm'), await hasOpenJobs(folder, 'slurm')]).toEqual([null, null]);
});
