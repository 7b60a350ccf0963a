/** The trainer's end of the questions in `contract/messages/questions.ts`: each is answered once, or withdrawn. */
import { PretextError, toFailure } from '../../contract/errors.ts';
import {
  isQuestionKind,
  QUESTIONS,
  type Answer,
  type Question,
  type QuestionKind,
} from '../../contract/messages/questions.ts';
import type { FromTrainer, QuestionProgress, ToTrainer } from '../../contract/messages/trainer.ts';

/** Progress is told at most this often; the last one is always told. */
const PROGRESS_INTERVAL_MS = 200;

/** What an answer that takes its time says and hears. */
export interface QuestionControl {
  /** Aborted when nobody waits any more. */
  signal: AbortSignal;
  /**
   * Says how far it is, and lets waiting messages arrive. Call it between batches: it throws where the question was
   * withdrawn, and tidying up is all that is left to do.
   */
  progress(progress: QuestionProgress): Promise<void>;
}

export type Answerer<Kind extends QuestionKind> = (
  question: Question<Kind>,
  control: QuestionControl,
) => Promise<Answer<Kind>>;

export type Answerers = { [Kind in QuestionKind]: Answerer<Kind> };

export interface Answering {
  ask(message: Extract<ToTrainer, { type: 'ask' }>): Promise<void>;
  withdraw(id: number): void;
}

export function createAnswering(
  answerers: Partial<Answerers>,
  say: (message: FromTrainer) => void,
): Answering {
  const open = new Map<number, AbortController>();
  return {
    async ask({ id, kind, question }) {
      const abort = new AbortController();
      open.set(id, abort);
      const tell = (progress: QuestionProgress) => say({ type: 'answering', id, progress });
      try {
        const value = await answer(answerers, kind, question, controlOf(abort.signal, tell));
        if (!abort.signal.aborted) say({ type: 'answer', id, value });
      } catch (error) {
        if (abort.signal.aborted) return;
        if (!(error instanceof PretextError)) console.error(error);
        say({ type: 'answer', id, failure: toFailure(error) });
      } finally {
        open.delete(id);
      }
    },
    withdraw: (id) => open.get(id)?.abort(),
  };
}

async function answer(
  answerers: Partial<Answerers>,
  kind: string,
  question: unknown,
  control: QuestionControl,
): Promise<unknown> {
  const answerer = isQuestionKind(kind) ? answerers[kind] : undefined;
  if (!isQuestionKind(kind) || !answerer) throw new Error(`the trainer knows no question “${kind}”`);
  const asked = QUESTIONS[kind].question.parse(question);
  return (answerer as (question: unknown, control: QuestionControl) => Promise<unknown>)(asked, control);
}

function controlOf(signal: AbortSignal, tell: (progress: QuestionProgress) => void): QuestionControl {
  let toldAt = -Infinity;
  return {
    signal,
    async progress(progress) {
      const now = performance.now();
      if (now - toldAt >= PROGRESS_INTERVAL_MS || progress.done >= progress.total) {
        toldAt = now;
        tell(progress);
      }
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    },
  };
}
