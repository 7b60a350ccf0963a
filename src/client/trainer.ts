/** A trainer from the outside, without a project: started, asked one question, ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PretextError } from '../contract/errors.ts';
import type { ProcessHost } from '../contract/messages/host.ts';
import { QUESTIONS, type Answer, type Question, type QuestionKind } from '../contract/messages/questions.ts';
import { fromTrainerSchema, type QuestionProgress, type ToTrainer } from '../contract/messages/trainer.ts';
import { watchForCrash } from '../host/crash-watch.ts';
import { trainerEnded } from '../host/trainer-ended.ts';
import { trainerEnvironment } from '../host/trainer-environment.ts';

const ID = 1;
/** How long a question that was withdrawn may take to tidy up. */
const PATIENCE_MS = 10_000;

export interface TrainerWishes {
  /** Withdraws the question, and throws its reason once the trainer has tidied up. */
  signal: AbortSignal;
  onProgress(progress: QuestionProgress): void;
}

export async function askTrainer<Kind extends QuestionKind>(
  host: ProcessHost,
  kind: Kind,
  question: Question<Kind>,
  { signal, onProgress }: TrainerWishes,
): Promise<Answer<Kind>> {
  signal.throwIfAborted();
  const trainer = host.start('trainer', { environment: trainerEnvironment() });
  const crash = watchForCrash(trainer, 'trainer');
  const send = (message: ToTrainer) => trainer.send(message);
  const answer = Promise.withResolvers<unknown>();
  answer.promise.catch(() => undefined);
  const gone = new Promise<void>((resolve) =>
    trainer.onExit(({ lastOutput }) => {
      answer.reject(signal.aborted ? signal.reason : trainerEnded(lastOutput));
      resolve();
    }),
  );
  trainer.onMessage((raw) => {
    const message = fromTrainerSchema.parse(raw);
    if (message.type === 'ready') send({ type: 'ask', id: ID, kind, question });
    else if (message.type === 'answering') onProgress(message.progress);
    else if (message.type === 'answer' && message.failure) answer.reject(new PretextError(message.failure));
    else if (message.type === 'answer') answer.resolve(message.value);
  });
  const withdraw = () => {
    send({ type: 'withdraw', id: ID });
    // It tidies up and, asked nothing else, ends with its channel.
    crash.asked();
    trainer.end();
    void Promise.race([gone, sleep(PATIENCE_MS, null, { ref: false })]).then(() =>
      answer.reject(signal.reason),
    );
  };
  signal.addEventListener('abort', withdraw, { once: true });
  try {
    return QUESTIONS[kind].value.parse(await answer.promise) as Answer<Kind>;
  } finally {
    signal.removeEventListener('abort', withdraw);
    crash.asked();
    trainer.kill();
  }
}
