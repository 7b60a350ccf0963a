import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readEngineWishes, rememberEngineWishes } from '../../../src/machine/engines.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pretext-engines-'));
  file = join(folder, 'settings', 'engines.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('keeps what was said of one engine, and what it knew of another', () => {
  expect(readEngineWishes('slurm', file)).toEqual({});
  rememberEngineWishes('slurm', { partition: 'cpu', limit: 20 }, file);
  rememberEngineWishes('ssh', { hosts: ['anna@lab1:8'] }, file);
  expect(readEngineWishes('slurm', file)).toEqual({ partition: 'cpu', limit: 20 });
  expect(readEngineWishes('ssh', file)).toEqual({ hosts: ['anna@lab1:8'] });
});

it('never writes over a file that it cannot read', () => {
  rememberEngineWishes('slurm', {}, file);
  writeFileSync(file, '{"slurm": {"partition": "a b"}}');
  for (const act of [() => readEngineWishes('slurm', file), () => rememberEngineWishes('ssh', {}, file)])
    expect(act).toThrow(/cannot be read/);
  expect(readFileSync(file, 'utf8')).toBe('{"slurm": {"partition": "a b"}}');
});
