import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AS_ASKED, QUEUED_AGAIN } from '../../../../src/bundle/engines/slurm-task.ts';
import { until } from '../../../fixtures/studies.ts';

/** Runs a task whose work ends in a way of its own, and asks it to end. */
async function task(work: string, signal: NodeJS.Signals) {
  const folder = mkdtempSync(join(tmpdir(), 'pretext-slurm-task-'));
  const script = join(folder, 'task.sh');
  writeFileSync(script, `${AS_ASKED('kill -TERM "$work"')}\n${work} &\n${QUEUED_AGAIN}\n`);
  for (const name of ['scontrol', 'sleep']) {
    writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} $*" >> asked.txt\n`);
    chmodSync(join(folder, name), 0o755);
  }
  writeFileSync(join(folder, 'asked.txt'), '');
  const child = spawn('sh', [script], {
    cwd: folder,
    env: {
      ...process.env,
      PATH: `${folder}:${process.env['PATH']}`,
      SLURM_ARRAY_JOB_ID: '41',
      SLURM_ARRAY_TASK_ID: '3',
    },
  });
  const asked = () => readFileSync(join(folder, 'asked.txt'), 'utf8');
  await until('the work has begun', () => asked().includes('begun'));
  child.kill(signal);
  const status = await new Promise((resolve) => child.once('close', resolve));
  return {
    status,
    asked: asked()
      .split('\n')
      .filter((line) => line.startsWith('scontrol')),
  };
}

const writesCheckpoint =
  'sh -c \'trap "exit 75" TERM; echo begun >> asked.txt; while :; do /bin/sleep 0.05; done\'';
const endsAtOnce = "sh -c 'echo begun >> asked.txt; exec /bin/sleep 60'";

describe.skipIf(process.platform === 'win32')('a task of Slurm', () => {
  it('is queued again when its time is over, behind its checkpoint or before it could listen', async () => {
    for (const [work, ending] of [
      [writesCheckpoint, 75],
      [endsAtOnce, 143],
    ] as const)
      expect(await task(work, 'SIGUSR1')).toEqual({ status: ending, asked: ['scontrol requeue 41_3'] });
  });

  it('is not queued again when somebody cancels it', async () => {
    expect(await task(writesCheckpoint, 'SIGTERM')).toEqual({ status: 75, asked: [] });
  });
});
