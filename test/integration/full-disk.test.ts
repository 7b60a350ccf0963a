/** A real study on a real small disk that fills up: it pauses, says what is needed, and goes on when there is room. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { studyResultSchema } from '../../src/contract/results/result.ts';
import { until } from '../fixtures/studies.ts';
import { beginPretext, isAlive, lastStep, weightsOf, writeSurvivalStudy } from '../fixtures/survival.ts';
import { childrenOf } from '../fixtures/survival.ts';

const folder = mkdtempSync(join(tmpdir(), 'pretext-full-disk-'));
const disk = join(folder, 'disk');

/** Needs the right to mount: a container's root has it, few others do. */
function mountSmallDisk(): boolean {
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
const mounted = process.platform === 'linux' && mountSmallDisk();

beforeAll(() => writeSurvivalStudy(folder));
afterAll(() => {
  if (mounted) execFileSync('umount', [disk]);
  rmSync(folder, { recursive: true });
});

const study = (project: string) =>
  beginPretext(folder, ['study', 'run', 'survival.yaml', '--project', project, '--json']);

function fill(): string {
  const file = join(disk, 'filler');
  const { bavail, bsize } = statfsSync(disk);
  try {
    writeFileSync(file, Buffer.alloc(bavail * bsize));
  } catch {
    // Somebody else wrote meanwhile: what was written fills it.
  }
  return file;
}

describe.skipIf(!mounted)('a study whose disk fills up', () => {
  it('pauses, says what it needs, keeps its service, and ends bit for bit alike once there is room', async () => {
    const undisturbed = await study('undisturbed').ended;
    expect(undisturbed.status).toBe(0);
    const project = join(disk, 'study');
    const running = study(project);
    await until('training began', async () => (await lastStep(project)) >= 20, 120_000);
    const [service] = childrenOf(running.child.pid!);
    const filler = fill();
    await until('it says that the disk is full', () => /The disk is full/.test(running.said()), 120_000);
    expect(running.said()).toMatch(/Free at least \d+ MB there/);
    // Several heartbeats, looks of the watcher and lines of the log without room for any of them.
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    expect(isAlive(service!)).toBe(true);
    expect(running.child.exitCode).toBeNull();
    rmSync(filler);
    const { status, stdout, stderr } = await running.ended;
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const results = (text: string) => studyResultSchema.parse(JSON.parse(text)).results;
    expect(results(stdout)).toEqual(results(undisturbed.stdout));
    expect(await weightsOf(project)).toEqual(await weightsOf(join(folder, 'undisturbed')));
  });
});
