import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { slurm } from '../../../../src/bundle/engines/slurm.ts';
import { ssh } from '../../../../src/bundle/engines/ssh.ts';
import type { Bundle } from '../../../../src/contract/elsewhere/bundle.ts';

const bundle: Bundle = {
  format: 1,
  id: 'abc',
  program: '1.0.0',
  madeAt: '',
  project: 'p',
  study: { id: 's', name: 'S' },
  jobs: 2500,
  stages: ['1-5,2500', '6-2499'],
  threads: 4,
  resources: { memoryMiB: 1000, minutes: null },
};
const task = { bundle, folder: "/data/it's here", command: 'pretext', wishes: {} };
const script = (name: string, wishes = {}) =>
  slurm.scripts({ ...task, wishes }).find((one) => one.name === name)!.text;

it('counts from offsets, as arrays end at 1000, and lets a stage wait for the one before', () => {
  const lines = script('submit.sh')
    .split('\n')
    .filter((line) => /^submit \d/.test(line));
  expect(lines).toEqual([
    'submit 0 1-5',
    'submit 2000 500',
    'submit 0 6-1000 ${before:+--dependency=afterany:$before}',
    'submit 1000 1-1000 ${before:+--dependency=afterany:$before}',
    'submit 2000 1-499 ${before:+--dependency=afterany:$before}',
  ]);
});

it('says where, on whose account, how many at once, how long and with how much memory', () => {
  const text = script('submit.sh', { partition: 'cpu', account: 'lab', limit: 8, minutes: 90, gpus: 1 });
  for (const part of [
    '--partition=cpu',
    '--account=lab',
    '--time=90',
    '--mem=1200M',
    '--gpus=1',
    '--cpus-per-task=4',
  ])
    expect(text).toContain(part);
  expect(text).toContain('submit 0 1-5%8');
  expect(script('submit.sh')).not.toMatch(/--(partition|account|time|gpus)/);
});

it('asks for a checkpoint two minutes before the time limit, and later where that is short', () => {
  const warning = (minutes?: number) => /USR1@(\d+)/.exec(script('submit.sh', { minutes }))![1];
  expect([warning(), warning(90), warning(4), warning(1)]).toEqual(['120', '120', '60', '15']);
});

it.skipIf(process.platform === 'win32')(
  'submits named jobs as arrays that end at 1000, each behind what it begins with',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'pretext-slurm-script-'));
    mkdirSync(join(folder, 'engine'));
    for (const { name, text } of slurm.scripts({ ...task, folder }))
      writeFileSync(join(folder, 'engine', name), text);
    writeFileSync(
      join(folder, 'sbatch'),
      `#!/bin/sh
for word; do case $word in --array=*|--dep*) printf '%s ' "$PRETEXT_OFFSET" "$word" >> asked.txt;; esac; done
echo >> asked.txt
wc -l < asked.txt
`,
    );
    chmodSync(join(folder, 'sbatch'), 0o755);
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
    const asked = (only: string) => {
      writeFileSync(join(folder, 'asked.txt'), '');
      execFileSync('sh', [join(folder, 'engine', 'submit.sh'), only], { env });
      return readFileSync(join(folder, 'asked.txt'), 'utf8')
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean)
        .toSorted();
    };
    expect(asked('2-3,998-1001')).toEqual([
      '0 --array=2,3',
      '0 --array=998,999,1000 0 --dependency=afterany:1',
      '1000 --array=1 1000 --dependency=afterany:1',
    ]);
    // What they begin with is done.
    expect(asked('999')).toEqual(['0 --array=999']);
  },
);

it('quotes a folder whatever stands in its name', () => {
  expect(script('task.sh')).toContain(String.raw`pretext job run '/data/it'\''s here' "$index" &`);
});

it('gives computers as many jobs as their cores have room for', () => {
  const scripts = ssh.scripts({
    ...task,
    wishes: {
      hosts: ['anna@lab1:9', 'lab2:2'],
    },
  });
  expect(scripts.find(({ name }) => name === 'hosts.txt')!.text).toBe('2/anna@lab1\n1/lab2\n');
  expect(scripts.find(({ name }) => name === 'stage-1.txt')!.text).toBe('1\n2\n3\n4\n5\n2500\n');
  expect(() => ssh.scripts({ ...task, wishes: {} })).toThrow(/No computers are named/);
});
