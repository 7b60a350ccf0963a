import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** In a process of its own: nobody may raise a priority again. */
test.runIf(process.platform === 'linux')(
  'all threads of a process stand behind others, those that were there as well',
  () => {
    const code = `
    import { readdirSync, readFileSync } from 'node:fs';
    import { getPriority } from 'node:os';
    import { standBehindOthers } from ${JSON.stringify(new URL('../../../src/host/priority.ts', import.meta.url).href)};
    const before = getPriority();
    standBehindOthers();
    const threads = readdirSync('/proc/self/task').map((id) => getPriority(Number(id)));
    console.log(JSON.stringify({ before, threads }));`;
    const told = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
      encoding: 'utf8',
    });
    const { before, threads } = JSON.parse(told) as { before: number; threads: number[] };
    expect(threads.length).toBeGreaterThan(1);
    expect(new Set(threads)).toEqual(new Set([Math.max(before, 10)]));
  },
);
