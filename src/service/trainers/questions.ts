/**
 * Questions that need TensorFlow and no run: live previews of pretext tasks, and how much memory runs would take.
 * One warm trainer answers them and goes when nobody asked for a minute.
 */
import { PretextError, toFailure } from '../../contract/errors.ts';
import type { MemoryNeed } from '../../contract/machine/memory.ts';
import type { RawPreviewItem } from '../../contract/data/preview.ts';
import type { EstimateRequest, PreviewRequest, ToTrainer } from '../../contract/messages/trainer.ts';
import type { Workplace } from '../workplace.ts';
import { startTrainer, type TrainerLink } from './link.ts';

const IDLE_MS = 60_000;
const ENDED = 'preview.ended';

export interface Previews {
  ask(request: Omit<PreviewRequest, 'requestId'>): Promise<RawPreviewItem[]>;
  /** What the stages named would take, each by its largest run; nothing on a GPU. */
  estimate(request: Omit<EstimateRequest, 'requestId'>): Promise<MemoryNeed[]>;
  close(): void;
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

interface WarmTrainer {
  link: TrainerLink;
  ready: Promise<void>;
  waiting: Map<number, Waiting>;
}

export function createPreviews({ host, log }: Workplace): Previews {
  let warm: WarmTrainer | null = null;
  let idle: NodeJS.Timeout | undefined;
  let nextId = 1;
  let closed = false;

  const cool = () => {
    clearTimeout(idle);
    warm?.link.kill();
    warm = null;
  };
  const keepWarm = () => {
    clearTimeout(idle);
    idle = setTimeout(cool, IDLE_MS);
    idle.unref();
  };
  const begin = (): WarmTrainer => {
    const ready = Promise.withResolvers<void>();
    const waiting = new Map<number, Waiting>();
    const link = startTrainer(host, log, {
      onMessage(message) {
        if (message.type === 'ready') ready.resolve();
        else if (message.type === 'preview') waiting.get(message.requestId)?.resolve(message.items);
        else if (message.type === 'estimate') waiting.get(message.requestId)?.resolve(message.needs);
        else if (message.type === 'preview-failed' || message.type === 'estimate-failed')
          waiting.get(message.requestId)?.reject(new PretextError(message.failure));
        else throw new Error(`a trainer for previews said “${message.type}”`);
      },
      onEnd(exit) {
        if (warm?.link === link) warm = null;
        log.info({ exit }, 'the trainer for previews ended');
        const error = new PretextError(previewDied(exit.lastOutput));
        ready.reject(error);
        for (const { reject } of waiting.values()) reject(error);
      },
    });
    ready.promise.catch(() => undefined);
    return { link, ready: ready.promise, waiting };
  };

  /** A process that was ended from outside while it worked is no reason to leave the question: asked once more. */
  const ask = async <Answer>(message: (requestId: number) => ToTrainer): Promise<Answer> => {
    try {
      return await askOnce(message);
    } catch (thrown) {
      if (closed || toFailure(thrown).code !== ENDED) throw thrown;
      return askOnce(message);
    }
  };
  const askOnce = async <Answer>(message: (requestId: number) => ToTrainer): Promise<Answer> => {
    const trainer = (warm ??= begin());
    keepWarm();
    await trainer.ready;
    const requestId = nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    trainer.waiting.set(requestId, { resolve: (answer) => resolve(answer as Answer), reject });
    trainer.link.send(message(requestId));
    try {
      return await promise;
    } finally {
      trainer.waiting.delete(requestId);
      keepWarm();
    }
  };

  return {
    ask: (request) => ask((requestId) => ({ type: 'preview', request: { ...request, requestId } })),
    estimate: (request) => ask((requestId) => ({ type: 'estimate', request: { ...request, requestId } })),
    close() {
      closed = true;
      cool();
    },
  };
}

function previewDied(lastOutput: string) {
  const lastLine = lastOutput.trim().split('\n').at(-1);
  return {
    ...toFailure(new Error(lastLine || 'the process for previews ended')),
    code: ENDED,
    message: 'The process that makes previews and estimates ended.',
    remedy:
      'Try again. The doctor (under Settings, or `pretext doctor`) tells whether TensorFlow works here.',
  };
}
