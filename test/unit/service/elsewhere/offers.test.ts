import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { fieldsOf } from '../../../../src/contract/field-schema.ts';
import { isOnPath, offerEngines } from '../../../../src/service/elsewhere/offers.ts';

it.runIf(process.platform !== 'win32')(
  'finds programs that can be started, in any folder of the PATH',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'pretext-path-'));
    const path = ['/nowhere', folder].join(delimiter);
    expect(isOnPath('sbatch', path)).toBe(false);
    writeFileSync(join(folder, 'sbatch'), '#!/bin/sh\n');
    chmodSync(join(folder, 'sbatch'), 0o644);
    expect(isOnPath('sbatch', path)).toBe(false);
    chmodSync(join(folder, 'sbatch'), 0o755);
    expect(isOnPath('sbatch', path)).toBe(true);
    expect(isOnPath('sbatch', '')).toBe(false);
    rmSync(folder, { recursive: true });
  },
);

it('offers each engine with a form of what it heeds', () => {
  const { engines, wishes, folder, command } = offerEngines('/data/waves.pretext', 'study-a');
  expect(folder).toBe(join('/data', 'waves-jobs', 'study-a-1'));
  expect(command).toContain('main.ts');
  const titles = (id: string) =>
    fieldsOf(wishes, engines.find((engine) => engine.id === id)!.fields).map(({ title }) => title);
  expect(titles('slurm')).toEqual([
    'Partition',
    'Account',
    'Jobs at once',
    'Time limit',
    'Memory',
    'GPUs',
    'Nodes together',
    'Command there',
  ]);
  expect(titles('ssh')).toEqual(['Computers', 'Jobs at once', 'Command there']);
});
