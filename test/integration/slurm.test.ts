/** Studies on a real Slurm of two nodes on this machine. Skipped where there is no Slurm. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  beginnings,
  bundleIn,
  commandThere,
  journalOf,
  pretextIn,
  REAL_CLI,
  resultsOf,
  writeGestures,
  writeSmallStudy,
} from '../fixtures/elsewhere.ts';
import type { Behaviour } from '../fixtures/fake-trainer.ts';
import { hasSlurm, startSlurm, type Cluster } from '../fixtures/slurm.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { until } from '../fixtures/studies.ts';

const PORT = 17_900;

let cluster: Cluster;
let images: string;
let folder: string;

const pretext = (args: string[], behaviour: Partial<Behaviour>) =>
  pretextIn(folder, cluster.environment, args, behaviour);

const onSlurm = [
  'study',
  'run',
  'study.yaml',
  '--project',
  'away',
  '--bundles',
  'jobs',
  '--on',
  'slurm',
  '--json',
];
/** Pretraining is the first job; others run beside it. */
function taskOfJobOne(): { id?: string; node?: string } {
  const lines = cluster.ask('squeue', '-h', '-r', '-o', '%K %i %N', '-t', 'RUNNING').trim().split('\n');
  const [, id, node] = lines.map((line) => line.trim().split(/\s+/)).find(([task]) => task === '1') ?? [];
  return { id, node };
}

describe.skipIf(!hasSlurm())('a study on Slurm', () => {
  beforeAll(async () => {
    images = await mkdtemp(join(tmpdir(), 'pretext-images-'));
    await writeSmallImages(images);
  });
  afterAll(() => rm(images, { recursive: true }));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pretext-slurm-'));
    cluster = await startSlurm(join(folder, 'slurm'), PORT);
  });
  afterEach(async () => {
    cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('finds what the gestures’ sample study finds here, digit for digit, though a node is lost in the middle', async () => {
    await writeGestures(folder);
    const real = (args: string[]) => pretextIn(folder, cluster.environment, args, {}, REAL_CLI);
    const here = await real(['study', 'run', 'study.yaml', '--project', 'here', '--json']).ended;
    expect([here.status, here.stderr.match(/error:.*/g)]).toEqual([0, null]);
    const away = real(onSlurm);
    const jobs = await bundleIn(folder);
    await until('pretraining has a checkpoint', async () =>
      (await journalOf(jobs, 1)).includes('"checkpoint"'),
    );
    // Ten minutes at least by measured steps, of which the partition gives nine. Which run of its stage takes longest
    // depends on what else this machine does.
    const script = await readFile(join(jobs, 'engine', 'submit.sh'), 'utf8');
    expect(script).toMatch(/# 10 min: .* ms a step × .*Measured on the first steps of \w+-1/);
    expect(cluster.ask('squeue', '-h', '-r', '-o', '%l', '-t', 'RUNNING').trim().split(/\s+/)).toContain(
      '9:00',
    );
    cluster.loseNode(taskOfJobOne().node!);
    const { status, stdout, stderr } = await away.ended;
    expect([status, stderr.match(/error:.*/g)]).toEqual([0, null]);
    expect(resultsOf(stdout)).toEqual(resultsOf(here.stdout));
    expect(resultsOf(stdout)).toHaveLength(8);
    const begun = beginnings(await journalOf(jobs, 1));
    expect(begun[0]).toBe(-1);
    expect(begun.at(-1)).toBeGreaterThanOrEqual(3);
  }, 600_000);

  // Only what trainers compute is made up here, so that it takes seconds.
  it('goes on from its checkpoint when it is asked to end, and says so when somebody cancels', async () => {
    await writeSmallStudy(folder, images);
    const away = pretext(onSlurm, { stepMs: 1500 });
    const jobs = await bundleIn(folder);
    await until('it trains', async () => (await journalOf(jobs, 1)).includes('"metrics"'));
    // As at the time limit, some time before it.
    cluster.ask('scancel', '--batch', '--signal=USR1', taskOfJobOne().id!);
    await until('it was paused', async () => (await journalOf(jobs, 1)).includes('"ending":"paused"'));
    await until(
      'it was begun again',
      async () => (await journalOf(jobs, 1)).split('"begin"').length > 2,
      120_000,
    );
    await pretext(['job', 'cancel', jobs], {}).ended;
    await until('Slurm has let go of them', () => cluster.ask('squeue', '-h') === '');
    const status = await pretext(['job', 'status', jobs, '--json'], {}).ended;
    const states = (JSON.parse(status.stdout) as { jobs: { state: string }[] }).jobs.map(
      ({ state }) => state,
    );
    expect(states[0]).not.toBe('done');
    // The command that waits says what happened, and what to do.
    const { status: failed, stderr } = await away.ended;
    expect(failed).toBe(1);
    expect(stderr).toMatch(/has none of these jobs any more[^]*simclr-1[^]*--only 1-2,4/);
    // Handed over again, they go on, and the same command brings them back.
    const only = ['job', 'submit', jobs, '--on', 'slurm', '--only', '1', '--command', commandThere({})];
    expect((await pretext(only, {}).ended).status).toBe(0);
    await until('it is done', async () => (await journalOf(jobs, 1)).includes('"ending":"done"'));
  }, 180_000);
});
