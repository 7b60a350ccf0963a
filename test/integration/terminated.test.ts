/** A real study whose command line, or whose every process, is asked to end: it pauses, says so, and goes on later. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../fixtures/studies.ts';
import { beginPretext, lastStep, writeSurvivalStudy, type Running } from '../fixtures/survival.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-terminated-'));
  await writeSurvivalStudy(folder);
});
afterAll(() => rm(folder, { recursive: true }));

const study = () =>
  beginPretext(folder, ['study', 'run', 'survival.yaml', '--project', 'study'], { detached: true });

async function trainsFrom(step: number): Promise<Running> {
  const running = study();
  await until('it trains', async () => (await lastStep(join(folder, 'study'))) > step, 120_000);
  return running;
}

it('SIGTERM pauses a study, whether the command line gets it or all of its processes', async () => {
  const first = await trainsFrom(5);
  process.kill(first.child.pid!, 'SIGTERM');
  const alone = await first.ended;
  expect(alone.stderr).toContain('Paused. Run the same command again to go on from the checkpoint.');
  expect(alone.stderr).not.toContain('unexpectedly');
  expect(alone.status).toBe(1);

  const reached = await lastStep(join(folder, 'study'));
  const second = await trainsFrom(reached);
  // A negative id: the whole group, as `timeout`, a terminal that closes or a cluster's limit does it.
  process.kill(-second.child.pid!, 'SIGTERM');
  const together = await second.ended;
  expect(together.stderr).toMatch(/Paused[.:]/);
  expect(together.stderr).not.toMatch(/unexpectedly|internal|went wrong|    at /);
  expect(together.status).toBe(1);
  const written = await lastStep(join(folder, 'study'));
  expect(written).toBeGreaterThan(reached);

  const third = await study().ended;
  expect(third.stderr).not.toContain('epoch 1 of 40');
  expect(third.status).toBe(0);
});
