import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { FromTrainer } from '../../../src/contract/messages/trainer.ts';
import type { RunControl } from '../../../src/training/control.ts';
import type { FinetuneInputs } from '../../../src/training/inputs.ts';
import { finetuneJob } from '../../fixtures/bundles.ts';
import { until } from '../../fixtures/workplaces.ts';

/** The parent's end, and the one run of this trainer, which the test plays. */
const played = vi.hoisted(() => ({
  said: [] as unknown[],
  hear: (_message: unknown): void => {},
  leave: (): void => {},
  run: null as ((inputs: unknown, control: unknown) => Promise<string>) | null,
}));
vi.mock('../../../src/host/parent-channel.ts', () => ({
  parentChannel: () => ({
    send: (message: unknown) => void played.said.push(message),
    onMessage: (listener: (message: unknown) => void) => void (played.hear = listener),
    onClose: (listener: () => void) => void (played.leave = listener),
  }),
}));
vi.mock('../../../src/training/finetune/run.ts', () => ({
  runFinetune: (inputs: unknown, control: unknown) => played.run!(inputs, control),
}));

vi.mock('../../../src/training/pretext/run.ts', () => ({ runPretext: () => Promise.resolve('done') }));
vi.mock('../../../src/trainer/answers.ts', () => ({ ANSWERERS: {} }));

const places = {
  runId: 'bb',
  projectFolder: '/p',
  threads: null,
  shards: { stripes: '/p/stripes.shard' },
  checkpoints: {},
};
const { said } = played as { said: FromTrainer[] };
const start = { type: 'start', job: finetuneJob, places };
/** This process as others knew it. */
const known = (['SIGINT', 'SIGTERM'] as const).map((signal) => [signal, process.listeners(signal)] as const);

beforeAll(async () => {
  await import('../../../src/trainer/main.ts');
  return () => {
    for (const [signal, listeners] of known)
      for (const listener of process.listeners(signal))
        if (!listeners.includes(listener)) process.off(signal, listener);
  };
});

describe('a trainer', () => {
  it('says that it is ready, and what it does not understand', () => {
    expect(said.splice(0)).toEqual([{ type: 'ready' }]);
    played.hear({ type: 'dance' });
    expect(said.splice(0)).toMatchObject([
      { type: 'failed', failure: { message: expect.stringMatching(/a message it does not know/) } },
    ]);
  });

  it('says why it has no answer to a question', async () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => {});
    played.hear({ type: 'ask', id: 4, kind: 'preview', question: { nothing: 'of it' } });
    await until(() => said.length > 0);
    told.mockRestore();
    expect(said.splice(0)).toMatchObject([
      { type: 'answer', id: 4, failure: { message: expect.any(String) } },
    ]);
  });

  it('runs its job, tells what it finds as it comes, and progress not too often', async () => {
    let inputs: FinetuneInputs | null = null;
    played.run = async (given, told) => {
      inputs = given as FinetuneInputs;
      const control = told as RunControl;
      const progress = (step: number) => control.progress({ step, steps: 9 } as never);
      control.environment({ threads: 2 });
      // Many in no time: the first, and the last of all.
      for (let step = 1; step <= 9; step++) progress(step);
      control.metrics({ step: 1, epoch: 1, values: { loss: 2 } });
      control.result({ seed: 1 } as never, { file: 'a' } as never);
      expect(await control.requested()).toBeNull();
      played.hear({ type: 'pause' });
      expect(await control.requested()).toBe('pause');
      // Whoever asked for a pause is not overruled by the system.
      process.emit('SIGTERM');
      expect(await control.requested()).toBe('pause');
      return 'paused';
    };
    played.hear(start);
    await until(() => said.at(-1)?.type === 'paused');
    expect(inputs).toMatchObject({ runId: 'bb', arm: 'pretrained', dataset: { shard: '/p/stripes.shard' } });
    expect(said.splice(0)).toEqual([
      { type: 'environment', environment: { threads: 2 } },
      { type: 'progress', progress: { step: 1, steps: 9 } },
      { type: 'progress', progress: { step: 9, steps: 9 } },
      { type: 'metrics', point: { step: 1, epoch: 1, values: { loss: 2 } } },
      { type: 'result', row: { seed: 1 }, answers: { file: 'a' } },
      { type: 'paused' },
    ]);
  });

  it('ends with its parent', () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
    played.leave();
    expect(exit).toHaveBeenCalledWith(0);
    exit.mockRestore();
  });
});

it('says what its job failed by, in the words of the failure', async () => {
  vi.resetModules();
  await import('../../../src/trainer/main.ts');
  const { PretextError } = await import('../../../src/contract/errors.ts');
  const failure = { code: 'training.diverged', message: 'It diverged.', place: 'here', remedy: 'Less.' };
  played.run = () => Promise.reject(new PretextError(failure));
  said.splice(0);
  played.hear(start);
  await until(() => said.length > 0);
  expect(said).toEqual([{ type: 'failed', failure }]);
});
