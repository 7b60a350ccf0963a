import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../../src/contract/errors.ts';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import { getRun, listRunsOf } from '../../../../src/project/index.ts';
import { createQueue } from '../../../../src/service/runs/queue.ts';
import { startStudy } from '../../../../src/service/studies/start.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';
import { playedHost, until, workplaceOf } from '../../../fixtures/workplaces.ts';

const asked = recipeSchema.parse({
  name: 'A',
  data: { pretrain: ['small'] },
  pretext: { task: 'simclr', batchSize: 8, epochs: 1 },
  finetune: { budgets: [{ perClass: 5 }], arms: ['pretrained', 'baseline'] },
});
const died = { code: null, signal: 'SIGKILL' } as const;

/** A study of one pretraining, a run that needs it, and a baseline that does not; the queue is not poked yet. */
function queued(concurrency = 1) {
  const project = temporaryProject();
  const samples = Array.from({ length: 130 }, (_, index) =>
    sample(index, { split: index % 5 === 4 ? 2 : index % 5 === 3 ? 1 : 0 }),
  );
  addDataset(project, 'small', samples);
  const { study } = startStudy(project, asked);
  const ids = Object.fromEntries(
    listRunsOf(project, study.id).map(({ run }) => [run.arm ?? 'pretext', run.id]),
  );
  const { host, trainers } = playedHost();
  const workplace = workplaceOf(project, host);
  const disk: { full: Failure | null } = { full: null };
  const room = {
    isShort: () => disk.full !== null,
    waitFor: (failure: Failure) => (disk.full = failure),
    stopWaiting: () => void (disk.full = null),
    close: () => {},
  };
  const queue = createQueue(workplace, room, { begin: () => {}, stop: () => {} }, concurrency);
  const run = (name: string) => getRun(project, ids[name]!).run;
  /** The trainer that is started next has got its job. */
  const trainer = async (place: number) => {
    await until(() => trainers.length > place && trainers[place]!.heard.length > 0);
    return trainers[place]!;
  };
  return { queue, run, trainer, trainers, disk, ids };
}

describe('the queue', () => {
  it('gives one run after the other a trainer, and one that needs another only after that', async () => {
    const { queue, run, trainer, trainers } = queued();
    queue.poke();
    queue.poke();
    const first = await trainer(0);
    expect(first.heard[0]).toMatchObject({ type: 'start', job: { kind: 'pretext' } });
    expect([run('pretext').status, run('baseline').status]).toEqual(['running', 'queued']);
    expect(trainers).toHaveLength(1);
    first.say({ type: 'done' });
    await until(() => trainers.length === 2);
    // Its last word ends a trainer: its memory is for the next.
    expect([first.killed, run('pretext').status]).toEqual([true, 'done']);
  });

  it('runs as many at once as it may, but none that waits for another', async () => {
    const { queue, run, trainer } = queued(5);
    queue.poke();
    await trainer(1);
    expect([run('pretext').status, run('baseline').status, run('pretrained').status]).toEqual([
      'running',
      'running',
      'queued',
    ]);
  });

  it('starts a run again whose trainer died, and gives up after the fourth death without a checkpoint', async () => {
    const { queue, run, trainer } = queued();
    queue.poke();
    for (let death = 0; death < 4; death++) {
      expect(run('pretext').status).toBe('running');
      (await trainer(death)).end(died);
      await until(() => run('pretext').status !== 'running' || death < 3);
    }
    await until(() => run('pretext').status === 'failed');
    expect(run('pretext').failure!.code).toBe('run.trainer-died');
    expect(run('pretrained').status).toBe('failed');
  });

  it('counts deaths anew after a result', async () => {
    const { queue, run, trainer, ids } = queued();
    queue.cancel(ids['pretext']!);
    for (let death = 0; death < 5; death++) {
      const own = await trainer(death);
      const row = {
        arm: 'baseline',
        dataset: 'small',
        labels: 10,
        labelsPerClass: 5,
        seed: death + 1,
      } as const;
      own.say({ type: 'result', row: { ...row, metric: 'accuracy', test: 1, validation: 1, train: 1 } });
      own.end(died);
    }
    await trainer(5);
    expect(run('baseline').status).toBe('running');
  });

  it('pauses a run that finds the disk full, starts none meanwhile, and goes on where there is room', async () => {
    const { queue, run, trainer, trainers, disk } = queued();
    queue.poke();
    (await trainer(0)).say({ type: 'failed', failure: { code: 'disk.full', message: 'No room.' } });
    await until(() => run('pretext').status === 'paused');
    queue.poke();
    expect([trainers.length, run('pretext').failure!.code]).toEqual([1, 'disk.full']);
    disk.full = null;
    queue.goOn();
    await trainer(1);
    expect(run('pretext')).toMatchObject({ status: 'running', failure: null });
  });

  it('asks a trainer to pause, and waits until it has', async () => {
    const { queue, run, trainer, ids } = queued();
    queue.poke();
    const own = await trainer(0);
    const paused = queue.pause(ids['pretext']!);
    await until(() => own.heard.length === 2);
    expect([own.heard[1], run('pretext').status]).toEqual([{ type: 'pause' }, 'running']);
    own.say({ type: 'paused' });
    await paused;
    expect(run('pretext').status).toBe('paused');
    queue.resume(ids['pretext']!);
    expect(['queued', 'running']).toContain(run('pretext').status);
  });

  it('cancels at once, whether the trainer listens or not, and with it what waits for the run', async () => {
    const { queue, run, trainer, ids } = queued();
    queue.poke();
    const own = await trainer(0);
    queue.cancel(ids['pretext']!);
    expect([run('pretext').status, run('pretrained').status]).toEqual(['cancelled', 'cancelled']);
    expect(own.heard.at(-1)).toEqual({ type: 'cancel' });
    // What it still says changes nothing of that.
    own.say({ type: 'done' });
    await trainer(1);
    expect(run('pretext').status).toBe('cancelled');
  });

  it('marks what runs as interrupted when it is closed, for whoever comes next', async () => {
    const { queue, run, trainer } = queued();
    queue.poke();
    const own = await trainer(0);
    const closed = queue.close();
    await until(() => own.heard.length === 2);
    own.say({ type: 'paused' });
    await closed;
    expect(run('pretext').status).toBe('interrupted');
  });
});
