import { afterEach, describe, expect, it, vi } from 'vitest';
import { PretextError } from '../../../../src/contract/errors.ts';
import type { Question } from '../../../../src/contract/messages/questions.ts';
import type { FromTrainer } from '../../../../src/contract/messages/trainer.ts';
import { createAnswering, type Answerers } from '../../../../src/training/questions/answering.ts';

const question: Question<'estimate'> = {
  modality: 'image',
  inputShape: [8, 8, 1],
  dtype: 'uint8',
  encoder: { family: 'residual', options: {} },
  precision: 'float32',
  pretext: null,
  finetune: null,
};
const ask = (id: number, kind = 'estimate', asked: unknown = question) =>
  ({ type: 'ask', id, kind, question: asked }) as const;
const need = {
  stage: 'pretext' as const,
  stepBytes: 1,
  fixedBytes: 2,
  stateBytes: 3,
  batchSize: 4,
  accumulation: 1,
  accumulates: true,
};

function answeringWith(estimate: Answerers['estimate']) {
  const said: FromTrainer[] = [];
  return { said, answering: createAnswering({ estimate }, (message) => said.push(message)) };
}

afterEach(() => void vi.restoreAllMocks());

describe('a question to a trainer', () => {
  it('is answered by its kind, with the id it was asked by', async () => {
    const { said, answering } = answeringWith(async ({ inputShape }) => [
      { ...need, batchSize: inputShape[0]! },
    ]);
    await answering.ask(ask(7));
    expect(said).toEqual([{ type: 'answer', id: 7, value: [{ ...need, batchSize: 8 }] }]);
  });

  it('fails in the words of what was thrown', async () => {
    const failure = {
      code: 'data.gone',
      message: 'The shard is gone.',
      place: 'a.shard',
      remedy: 'Import it.',
    };
    const { said, answering } = answeringWith(async () => {
      throw new PretextError(failure);
    });
    await answering.ask(ask(1));
    expect(said).toEqual([{ type: 'answer', id: 1, failure }]);
  });

  it('that nobody knows, or that is not as its kind says, fails alone', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const { said, answering } = answeringWith(async () => [need]);
    await answering.ask(ask(1, 'preview'));
    await answering.ask(ask(2, 'toString'));
    await answering.ask(ask(3, 'estimate', { ...question, precision: 'float3' }));
    await answering.ask(ask(4));
    expect(said.map((message) => message.type === 'answer' && message.failure?.code)).toEqual([
      'internal',
      'internal',
      'internal',
      undefined,
    ]);
  });

  it('tells how far its answer is: at once, and at its end', async () => {
    const { said, answering } = answeringWith(async (_, control) => {
      for (let done = 1; done <= 3; done++) await control.progress({ done, total: 3, phase: 'reading' });
      return [];
    });
    await answering.ask(ask(1));
    expect(said[0]).toEqual({
      type: 'answering',
      id: 1,
      progress: { done: 1, total: 3, phase: 'reading' },
    });
    expect(said.at(-2)).toMatchObject({ type: 'answering', progress: { done: 3 } });
    expect(said.at(-1)).toEqual({ type: 'answer', id: 1, value: [] });
  });

  it('that is withdrawn stops at its next progress and says nothing more', async () => {
    let batches = 0;
    let isTidied = false;
    const { said, answering } = answeringWith(async (_, control) => {
      try {
        for (;;) {
          batches++;
          if (batches === 3) answering.withdraw(1);
          await control.progress({ done: batches, total: 1000 });
        }
      } finally {
        isTidied = control.signal.aborted;
      }
    });
    await answering.ask(ask(1));
    expect({ batches, isTidied }).toEqual({ batches: 3, isTidied: true });
    expect(said.filter(({ type }) => type === 'answer')).toEqual([]);
    answering.withdraw(1);
    answering.withdraw(99);
  });
});
