import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readBundle } from '../../../../src/bundle/files.ts';
import type { Client } from '../../../../src/client/service.ts';
import type { Environment } from '../../../../src/cli/environment.ts';
import { computeElsewhere } from '../../../../src/cli/session/elsewhere.ts';
import type { AwayJob, MergeReport } from '../../../../src/contract/elsewhere/away.ts';
import type { Study } from '../../../../src/contract/entities.ts';
import { bundleOfTwo } from '../../../fixtures/bundles.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';

/** Nothing is handed over for good: the test says what the computers would. */
const engine = vi.hoisted(() => ({ handed: [] as string[], says: () => Promise.resolve('') }));
vi.mock('../../../../src/bundle/engines/hand-over.ts', async (original) => ({
  ...(await original<object>()),
  handOver(folder: string) {
    engine.handed.push(folder);
    return engine.says();
  },
}));
beforeEach(() => {
  engine.handed = [];
  engine.says = () => Promise.resolve('');
});

const job = (at: number, more: Partial<AwayJob> = {}): AwayJob => ({
  job: at,
  runId: `r${at}`,
  name: `run-${at}`,
  state: 'done',
  merged: 'all',
  host: null,
  failure: null,
  ...more,
});

/** A study whose bundles hold two jobs; each merge says what comes next in the list, the last one again and again. */
function computing(status: Study['status'], merges: AwayJob[][]) {
  const bundles = join(temporaryFolder(), 'bundle');
  const packed: object[] = [];
  let press = () => {};
  let merged = 0;
  const study = (now: Study['status']) => ({ id: 's', status: now }) as Study;
  const merge = ({ folder }: { folder: string }) => {
    const jobs = merges[Math.min(merged++, merges.length - 1)]!;
    return Promise.resolve({ jobs, refused: [], folder } as unknown as MergeReport);
  };
  const client = {
    events: () =>
      Promise.resolve([
        { type: 'asked-progress', id: 'cli', progress: { phase: 'Writing jobs', done: 1, total: 2 } },
      ]),
    away: {
      pack(wish: { folder: string }) {
        packed.push(wish);
        cpSync(bundleOfTwo(), wish.folder, { recursive: true });
        return Promise.resolve({ bundle: readBundle(wish.folder) });
      },
      merge,
    },
    study: { get: () => Promise.resolve(study('done')) },
  } as unknown as Client;
  const stderr = new PassThrough();
  const environment = {
    stderr,
    onInterrupt(listener: () => void) {
      press = listener;
      return () => {};
    },
  } as unknown as Environment;
  const begin = () =>
    computeElsewhere(environment, client, study(status), {
      engine: 'ssh',
      wishes: { hosts: ['lab1:2'], command: 'pretext', minutes: 5 },
      bundles,
    });
  return {
    begin,
    bundles,
    packed,
    press: () => press(),
    said: () => (stderr.read() as Buffer | null)?.toString() ?? '',
    merges: () => merged,
  };
}

describe('a study that is computed elsewhere', () => {
  it('is left alone where it has ended already', async () => {
    const { begin, packed } = computing('done', [[job(1)]]);
    expect((await begin()).status).toBe('done');
    expect(packed).toEqual([]);
  });

  it('is packed, handed over with scripts of its engine, and brought back', async () => {
    const { begin, bundles, packed, said } = computing('paused', [[job(1), job(2)]]);
    expect((await begin()).status).toBe('done');
    expect(packed).toEqual([{ studyId: 's', folder: `${bundles}-1`, minutes: 5, timed: false, id: 'cli' }]);
    expect(engine.handed).toEqual([`${bundles}-1`]);
    expect(readdirSync(join(`${bundles}-1`, 'engine'))).toEqual(
      expect.arrayContaining(['hosts.txt', 'submit.sh', 'cancel.sh']),
    );
    expect(said()).toContain(`Packed 2 jobs into ${bundles}-1\n2 jobs: 2 back\n`);
  });

  it('goes on with the bundle that is out, and packs nothing', async () => {
    const { begin, bundles, packed, said } = computing('away', [[job(1), job(2)]]);
    cpSync(bundleOfTwo(), `${bundles}-1`, { recursive: true });
    cpSync(bundleOfTwo(), `${bundles}-2`, { recursive: true });
    mkdirSync(join(`${bundles}-2`, 'engine'));
    writeFileSync(join(`${bundles}-2`, 'engine', 'submitted.txt'), '41\n');
    await begin();
    expect(packed).toEqual([]);
    expect(said()).toBe('2 jobs: 2 back\n');
    expect(engine.handed).toEqual([]);
  });

  it('hands over a bundle that is out and was refused by the engine, by what is said now', async () => {
    const { begin, bundles, packed } = computing('away', [[job(1), job(2)]]);
    cpSync(bundleOfTwo(), `${bundles}-1`, { recursive: true });
    await begin();
    expect(packed).toEqual([]);
    expect(engine.handed).toEqual([`${bundles}-1`]);
  });

  it('says what the engine refused it by, but not where all came back', async () => {
    engine.says = () => Promise.reject(new Error('no such computer'));
    const waiting = job(2, { state: 'waiting', merged: 'nothing' });
    await expect(computing('paused', [[job(1), waiting]]).begin()).rejects.toThrow('no such computer');
    expect((await computing('paused', [[job(1), job(2)]]).begin()).status).toBe('done');
  });

  it('names what failed and how to submit it again, once nothing more comes of it', async () => {
    const failed = {
      state: 'failed' as const,
      merged: 'some' as const,
      failure: { code: 'training.diverged', message: 'The loss is no number any more.' },
    };
    const jobs = [job(1), job(2, failed), job(3, { state: 'failed', merged: 'nothing' })];
    const { begin, bundles } = computing('away', [jobs]);
    cpSync(bundleOfTwo(), `${bundles}-1`, { recursive: true });
    const folder = `${bundles}-1`;
    await expect(begin()).rejects.toMatchObject({
      failure: {
        code: 'job.failed',
        message: expect.stringMatching(
          /^run-2: The loss is no number any more\.[^]*\nrun-3: it failed without a word$/,
        ) as string,
        place: folder,
        remedy: `Mend the cause, then submit them again: pretext job submit ${folder} --on SYSTEM --only 2-3`,
      },
    });
  });

  it('leaves the jobs to themselves at Ctrl-C', async () => {
    const running = job(1, { state: 'running', merged: 'some' });
    const { begin, bundles, press, merges, said } = computing('away', [[running, job(2)]]);
    cpSync(bundleOfTwo(), `${bundles}-1`, { recursive: true });
    const computed = begin();
    const stopped = expect(computed).rejects.toThrow(
      /^Stopped looking: the jobs go on. Run the same command again/,
    );
    while (merges() === 0) await new Promise((resolve) => setImmediate(resolve));
    press();
    await stopped;
    // It is said once, however often it stays so, and at the end.
    expect(said()).toMatch(/^(?:2 jobs: 1 back, 1 running\n){1,2}$/);
  });

  it('throws what a merge could not take over', async () => {
    const { bundles } = computing('away', [[job(1)]]);
    cpSync(bundleOfTwo(), `${bundles}-1`, { recursive: true });
    const failure = { code: 'bundle.changed', message: 'A file is gone.' };
    const client = {
      away: { merge: () => Promise.resolve({ jobs: [job(1)], refused: [{ name: 'run-1', failure }] }) },
    } as unknown as Client;
    const environment = { stderr: new PassThrough(), onInterrupt: () => () => {} } as unknown as Environment;
    const computed = computeElsewhere(environment, client, { id: 's', status: 'away' } as Study, {
      engine: 'slurm',
      wishes: {},
      bundles,
    });
    await expect(computed).rejects.toMatchObject({
      failure: { code: 'bundle.changed', message: 'run-1: A file is gone.' },
    });
  });
});
