import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostedExit, ProcessHost } from '../../../../src/contract/messages/host.ts';
import type { Question } from '../../../../src/contract/messages/questions.ts';
import type { FromTrainer, ToTrainer } from '../../../../src/contract/messages/trainer.ts';
import type { Log } from '../../../../src/service/workplace/log.ts';
import { createQuestions } from '../../../../src/service/trainers/questions.ts';

const question: Question<'estimate'> = {
  modality: 'signal',
  inputShape: [64, 2],
  dtype: 'float32',
  encoder: { family: 'residual', options: {} },
  precision: 'float32',
  pretext: null,
  finetune: null,
};
const need = {
  stage: 'finetune' as const,
  stepBytes: 1,
  fixedBytes: 2,
  stateBytes: 3,
  batchSize: 4,
  accumulation: 1,
  accumulates: false,
};

/** A trainer in this process: what it was told, and what the test lets it say. */
interface ScriptedTrainer {
  told: ToTrainer[];
  say(message: FromTrainer): void;
  end(lastOutput?: string): void;
}

function scripted(onTold: (message: ToTrainer, trainer: ScriptedTrainer) => void = () => {}) {
  const trainers: ScriptedTrainer[] = [];
  const host: ProcessHost = {
    start() {
      let say: (message: unknown) => void = () => {};
      let exit: (exit: HostedExit) => void = () => {};
      const trainer: ScriptedTrainer = {
        told: [],
        say: (message) => say(message),
        end: (lastOutput = '') => exit({ code: null, signal: 'SIGKILL', lastOutput }),
      };
      trainers.push(trainer);
      return {
        send(message) {
          trainer.told.push(message as ToTrainer);
          onTold(message as ToTrainer, trainer);
        },
        onMessage(listener) {
          say = listener;
          queueMicrotask(() => listener({ type: 'ready' }));
          return () => {};
        },
        onExit: (listener) => void (exit = listener),
        end: () => {},
        kill: () => trainer.end(),
        openPort: () => {
          throw new Error('no ports here');
        },
      };
    },
  };
  const log = { info: () => {}, error: () => {} } as unknown as Log;
  return { trainers, questions: createQuestions({ host, log }) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('questions to a warm trainer', () => {
  it('are answered by one trainer, each by its id', async () => {
    const { trainers, questions } = scripted();
    const first = questions.ask('estimate', question);
    const second = questions.ask('estimate', question);
    await vi.advanceTimersByTimeAsync(0);
    const [trainer] = trainers;
    const [one, two] = trainer!.told as Extract<ToTrainer, { type: 'ask' }>[];
    expect(one).toEqual({ type: 'ask', id: one!.id, kind: 'estimate', question });
    trainer!.say({ type: 'answer', id: two!.id, value: [] });
    trainer!.say({ type: 'answer', id: one!.id, value: [need] });
    expect(await first).toEqual([need]);
    expect(await second).toEqual([]);
    expect(trainers).toHaveLength(1);
  });

  it('fail with what the trainer says, and with a bug where the answer is not of its kind', async () => {
    const failure = { code: 'encoder.unknown', message: 'There is no such encoder.' };
    const { questions } = scripted((message, { say }) => {
      if (message.type === 'ask' && message.id === 1) say({ type: 'answer', id: 1, failure });
      else if (message.type === 'ask') say({ type: 'answer', id: message.id, value: [{ stage: 'lunch' }] });
    });
    await expect(questions.ask('estimate', question)).rejects.toMatchObject({ failure });
    await expect(questions.ask('estimate', question)).rejects.toThrow(/stage/);
  });

  it('tell how far their answer is', async () => {
    const { questions } = scripted((message, { say }) => {
      if (message.type !== 'ask') return;
      say({ type: 'answering', id: message.id, progress: { done: 1, total: 2 } });
      say({ type: 'answering', id: message.id + 1, progress: { done: 9, total: 9 } });
      say({ type: 'answer', id: message.id, value: [] });
    });
    const told: unknown[] = [];
    await questions.ask('estimate', question, { onProgress: (progress) => told.push(progress) });
    expect(told).toEqual([{ done: 1, total: 2 }]);
  });

  it('are withdrawn by a signal: the trainer hears of it, and what it still says goes nowhere', async () => {
    const { trainers, questions } = scripted();
    const abort = new AbortController();
    const asked = questions.ask('estimate', question, { signal: abort.signal });
    const failed = expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    await vi.advanceTimersByTimeAsync(0);
    abort.abort();
    await failed;
    expect(trainers[0]!.told).toMatchObject([
      { type: 'ask', id: 1 },
      { type: 'withdraw', id: 1 },
    ]);
    trainers[0]!.say({ type: 'answer', id: 1, value: [] });
    await expect(questions.ask('estimate', question, { signal: abort.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(trainers[0]!.told).toHaveLength(2);
  });

  it('are asked once more of another trainer where theirs was ended from outside, and then fail', async () => {
    const { trainers, questions } = scripted((message, { end }) => {
      if (message.type === 'ask') end('out of memory\n');
    });
    await expect(questions.ask('estimate', question)).rejects.toMatchObject({
      failure: { code: 'question.ended' },
    });
    expect(trainers).toHaveLength(2);
  });

  it('keep the trainer as long as one of them waits, and a minute more', async () => {
    const { trainers, questions } = scripted();
    const asked = questions.ask('estimate', question);
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    trainers[0]!.say({ type: 'answer', id: 1, value: [] });
    expect(await asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(59_000);
    void questions.ask('estimate', question).catch(() => {});
    await vi.advanceTimersByTimeAsync(0);
    expect(trainers).toHaveLength(1);
    trainers[0]!.say({ type: 'answer', id: 2, value: [] });
    await vi.advanceTimersByTimeAsync(61_000);
    void questions.ask('estimate', question).catch(() => {});
    expect(trainers).toHaveLength(2);
  });
});
