/** What whoever starts a trainer hears of it, and can say to it. */
import type { HostedExit } from '../contract/messages/host.ts';
import type { FromTrainer, ToTrainer } from '../contract/messages/trainer.ts';

export interface TrainerListener {
  onMessage(message: FromTrainer): void;
  /** What was wrong with a message that nobody understands, for a log. */
  onBroken?(about: { type: unknown; issues: unknown }): void;
  /** Called once, after the last message. `broken` says that it was ended for a message nobody understands. */
  onEnd(exit: HostedExit & { broken: string | null }): void;
}

export interface TrainerLink {
  send(message: ToTrainer): void;
  kill(): void;
}
