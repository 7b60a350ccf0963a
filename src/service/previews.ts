/** Live previews of pretext tasks: one warm trainer answers them and goes when nobody asked for a minute. */
import { PretextError, toFailure } from '../contract/errors.ts';
import type { RawPreviewItem } from '../contract/preview.ts';
import type { PreviewRequest } from '../contract/trainer.ts';
import type { Workplace } from './service.ts';
import { startTrainer, type TrainerLink } from './trainer-link.ts';

const IDLE_MS = 60_000;

export interface Previews {
  ask(request: Omit<PreviewRequest, 'requestId'>): Promise<RawPreviewItem[]>;
  close(): void;
}

interface Waiting {
  resolve(items: RawPreviewItem[]): void;
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
        else if (message.type === 'preview-failed')
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

  return {
    async ask(request) {
      const trainer = (warm ??= begin());
      keepWarm();
      await trainer.ready;
      const requestId = nextId++;
      const { promise, resolve, reject } = Promise.withResolvers<RawPreviewItem[]>();
      trainer.waiting.set(requestId, { resolve, reject });
      trainer.link.send({ type: 'preview', request: { ...request, requestId } });
      try {
        return await promise;
      } finally {
        trainer.waiting.delete(requestId);
        keepWarm();
      }
    },
    close: cool,
  };
}

function previewDied(lastOutput: string) {
  const lastLine = lastOutput.trim().split('\n').at(-1);
  return {
    ...toFailure(new Error(lastLine || 'the process for previews ended')),
    code: 'preview.ended',
    message: 'The preview could not be made: its process ended.',
    remedy: 'Try again. `pretext doctor` tells whether TensorFlow works on this machine.',
  };
}
