/**
 * A study on two computers reached by ssh (two accounts of this machine); only what trainers compute is made up. Skipped
 * where there is no OpenSSH server or GNU parallel.
 */
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  beginnings,
  bundleIn,
  commandThere,
  journalOf,
  pretextIn,
  resultsOf,
  writeSmallStudy,
} from '../fixtures/elsewhere.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { COMPUTERS, hasSsh, startComputers, type Computers } from '../fixtures/ssh.ts';
import { until } from '../fixtures/studies.ts';

const PORT = 17_940;

describe.skipIf(!hasSsh())('a study on computers by ssh', () => {
  let computers: Computers;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pretext-ssh-'));
    await chmod(folder, 0o777);
    await writeSmallImages(join(folder, 'images'));
    await writeSmallStudy(folder, join(folder, 'images'));
    computers = await startComputers(join(folder, 'ssh'), PORT);
  }, 60_000);
  afterAll(async () => {
    computers?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('finds what is found here, digit for digit, though a worker is killed in the middle', async () => {
    const study = ['study', 'run', 'study.yaml', '--json'];
    const here = await pretextIn(folder, {}, [...study, '--project', 'here'], {}).ended;
    expect(here.status).toBe(0);
    const on = ['--project', 'away', '--bundles', 'jobs', '--on', 'ssh', '--hosts', 'lab1:1,lab2:1'];
    const there = commandThere({ stepMs: 150 });
    const away = pretextIn(
      folder,
      computers.environment,
      [...study, ...on, '--command', `umask 000; ${there}`],
      {},
    );
    const jobs = await bundleIn(folder);
    await until('pretraining has a checkpoint', async () =>
      (await journalOf(jobs, 1)).includes('"checkpoint"'),
    );
    const workers = COMPUTERS.flatMap((computer) => computers.processes(computer, 'job run .* 1$'));
    expect(workers.length).toBeGreaterThan(0);
    for (const worker of workers) process.kill(worker, 'SIGKILL');
    const { status, stdout, stderr } = await away.ended;
    expect([status, stderr.match(/error:.*/g)]).toEqual([0, null]);
    expect(resultsOf(stdout)).toEqual(resultsOf(here.stdout));
    const begun = beginnings(await journalOf(jobs, 1));
    expect(begun[0]).toBe(-1);
    expect(begun.at(-1)).toBeGreaterThanOrEqual(5);
    // Both had something to do.
    const results = await readdir(join(jobs, 'results'));
    const owners = await Promise.all(
      results.map(async (name) => (await stat(join(jobs, 'results', name, 'journal.jsonl'))).uid),
    );
    expect(new Set(owners).size).toBe(2);
  }, 180_000);
});
