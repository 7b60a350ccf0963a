/**
 * Questions that need TensorFlow and no run: live previews of pretext tasks, and how much memory runs would take
 * (`contract/messages/questions.ts`). One warm trainer answers them and goes when nobody asked for a minute.
 */
import { PretextError, toFailure } from '../../contract/errors.ts';
import {
  QUESTIONS,
  type Answer,
  type Question,
  type QuestionKind,
} from '../../contract/messages/questions.ts';
import type { QuestionProgress } from '../../contract/messages/trainer.ts';
import { TRAINER_ENDED, trainerEnded } from '../../host/trainer-ended.ts';
import type { Workplace } from '../workplace/workplace.ts';
import type { TrainerLink } from '../../host/trainer-listener.ts';
import { startTrainer } from './link.ts';

const IDLE_MS = 60_000;

export interface AskOptions {
  /** Withdraws the question: `ask` then throws its reason at once. */
  signal?: AbortSignal;
  onProgress?(progress: QuestionProgress): void;
}

export interface Questions {
  ask<Kind extends QuestionKind>(
    kind: Kind,
    question: Question<Kind>,
    options?: AskOptions,
  ): Promise<Answer<Kind>>;
  close(): void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  onProgress: AskOptions['onProgress'];
}

interface WarmTrainer {
  link: TrainerLink;
  ready: Promise<void>;
  waiting: Map<number, Waiting>;
}

export function createQuestions({ host, log }: Pick<Workplace, 'host' | 'log'>): Questions {
  let warm: WarmTrainer | null = null;
  let idle: NodeJS.Timeout | undefined;
  let nextId = 1;
  let closed = false;

  const cool = () => {
    clearTimeout(idle);
    warm?.link.kill();
    warm = null;
  };
  /** A trainer that works on an answer is not idle, however long it takes. */
  const keepWarm = (trainer: WarmTrainer) => {
    if (trainer !== warm) return;
    clearTimeout(idle);
    if (trainer.waiting.size > 0) return;
    idle = setTimeout(cool, IDLE_MS);
    idle.unref();
  };
  const begin = (): WarmTrainer => {
    const ready = Promise.withResolvers<void>();
    const waiting = new Map<number, Waiting>();
    const link = startTrainer(host, log, {
      onMessage(message) {
        if (message.type === 'ready') ready.resolve();
        else if (message.type === 'answering') waiting.get(message.id)?.onProgress?.(message.progress);
        else if (message.type !== 'answer') throw new Error(`a trainer that is asked said “${message.type}”`);
        else if (message.failure) waiting.get(message.id)?.reject(new PretextError(message.failure));
        else waiting.get(message.id)?.resolve(message.value);
      },
      onEnd(exit) {
        if (warm?.link === link) warm = null;
        log.info({ exit }, 'the trainer for questions ended');
        const error = trainerEnded(exit.lastOutput);
        for (const { reject } of waiting.values()) reject(error);
      },
    });
    return { link, ready: ready.promise, waiting };
  };

  const askOnce = async (kind: QuestionKind, question: unknown, options: AskOptions): Promise<unknown> => {
    const { signal, onProgress } = options;
    signal?.throwIfAborted();
    const trainer = (warm ??= begin());
    const id = nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    let isSent = false;
    const withdraw = () => {
      if (isSent) trainer.link.send({ type: 'withdraw', id });
      reject(signal!.reason);
    };
    trainer.waiting.set(id, { resolve, reject, onProgress });
    keepWarm(trainer);
    signal?.addEventListener('abort', withdraw, { once: true });
    void trainer.ready.then(() => {
      if (!trainer.waiting.has(id)) return;
      isSent = true;
      trainer.link.send({ type: 'ask', id, kind, question });
    });
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', withdraw);
      trainer.waiting.delete(id);
      keepWarm(trainer);
    }
  };

  /** A process that was ended from outside while it worked is no reason to leave the question: asked once more. */
  const askTwice = async (...asked: Parameters<typeof askOnce>): Promise<unknown> => {
    try {
      return await askOnce(...asked);
    } catch (thrown) {
      if (closed || toFailure(thrown).code !== TRAINER_ENDED) throw thrown;
      return askOnce(...asked);
    }
  };

  return {
    async ask<Kind extends QuestionKind>(kind: Kind, question: Question<Kind>, options: AskOptions = {}) {
      const { question: asked, value: answered } = QUESTIONS[kind];
      return answered.parse(await askTwice(kind, asked.parse(question), options)) as Answer<Kind>;
    },
    close() {
      closed = true;
      cool();
    },
  };
}
