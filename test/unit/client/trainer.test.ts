import { describe, expect, it } from 'vitest';
import { askTrainer } from '../../../src/client/trainer.ts';
import type { MemoryNeed } from '../../../src/contract/machine/memory.ts';
import type { QuestionProgress } from '../../../src/contract/messages/trainer.ts';
import { playedHost, until } from '../../fixtures/workplaces.ts';

const need: MemoryNeed = {
  stage: 'pretext',
  stepBytes: 1,
  fixedBytes: 2,
  stateBytes: 3,
  batchSize: 8,
  accumulation: 1,
  accumulates: true,
};

/** Asks for an estimate, of which the trainer knows what the test says. */
function ask() {
  const { host, trainers } = playedHost();
  const abort = new AbortController();
  const heard: QuestionProgress[] = [];
  const wishes = {
    signal: abort.signal,
    onProgress: (progress: QuestionProgress) => void heard.push(progress),
  };
  const answer = askTrainer(host, 'estimate', {} as never, wishes);
  answer.catch(() => {});
  return { answer, abort, heard, trainer: trainers[0]! };
}

describe('a question to a trainer of its own', () => {
  it('is asked once it is ready, and the trainer is gone with its answer', async () => {
    const { answer, heard, trainer } = ask();
    expect(trainer.heard).toEqual([]);
    await until(() => trainer.heard.length === 1);
    expect(trainer.heard[0]).toMatchObject({ type: 'ask', id: 1, kind: 'estimate' });
    trainer.say({ type: 'answering', id: 1, progress: { done: 1, total: 2 } });
    trainer.say({ type: 'answer', id: 1, value: [need] });
    expect(await answer).toEqual([need]);
    expect([heard, trainer.killed]).toEqual([[{ done: 1, total: 2 }], true]);
  });

  it('fails with the words of the trainer', async () => {
    const { answer, trainer } = ask();
    const failure = { code: 'model.missing', message: 'There is none.' };
    trainer.say({ type: 'answer', id: 1, failure });
    await expect(answer).rejects.toMatchObject({ failure });
    expect(trainer.killed).toBe(true);
  });

  it('fails where the answer is none of its kind', async () => {
    const { answer, trainer } = ask();
    trainer.say({ type: 'answer', id: 1, value: 'much' });
    await expect(answer).rejects.toThrow(/expected array/);
  });

  it('fails where the trainer ends without a word', async () => {
    const { answer, trainer } = ask();
    trainer.end({ code: 0, lastOutput: 'no TensorFlow here\n' });
    await expect(answer).rejects.toMatchObject({
      failure: {
        code: 'question.ended',
        message: 'The process that was asked for this ended before it had an answer: no TensorFlow here',
      },
    });
  });

  it('is withdrawn: the trainer may tidy up, then the reason is thrown', async () => {
    const { answer, abort, trainer } = ask();
    await until(() => trainer.heard.length === 1);
    abort.abort(new Error('changed my mind'));
    expect(trainer.heard.at(-1)).toEqual({ type: 'withdraw', id: 1 });
    await expect(answer).rejects.toThrow('changed my mind');
  });

  it('starts nothing where it is withdrawn from the start', async () => {
    const { host, trainers } = playedHost();
    const signal = AbortSignal.abort(new Error('never'));
    await expect(askTrainer(host, 'estimate', {} as never, { signal, onProgress: () => {} })).rejects.toThrow(
      'never',
    );
    expect(trainers).toHaveLength(0);
  });
});
