import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

describe('runs in separate processes', () => {
  it('give the same bits over 30 steps with 2 threads', () => {
    const script = new URL('./deterministic-run.ts', import.meta.url).pathname;
    const [first, second] = [1, 2].map(() => spawnSync(process.execPath, [script], { encoding: 'utf8' }));
    expect(first!.stdout).toMatch(/^[0-9a-f]{64} \d/);
    expect(second!.stdout).toBe(first!.stdout);
  });

  it('say what to do where the native library is missing', () => {
    const index = new URL('../../../src/tensor/index.ts', import.meta.url).href;
    const code = `import { startTensorFlow } from '${index}'; try { await startTensorFlow(); } catch (e) { console.log(JSON.stringify(e.failure)); }`;
    const env = { ...process.env, PRETEXT_RUNTIME: join(tmpdir(), 'nowhere') };
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      encoding: 'utf8',
      env,
    });
    const failure = JSON.parse(stdout) as { code: string; remedy: string };
    expect(failure.code).toBe('runtime.missing');
    expect(failure.remedy).toContain('PRETEXT_RUNTIME');
  });
});
