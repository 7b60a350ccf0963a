/** What a form asks while it is filled in: asked when it rests, and only the newest answer counts. */
import type { Failure } from '../../src/contract/errors.ts';
import { failureOf } from '../api/project.ts';

export class RestingQuestion<Wish, Answer> {
  #find: (wish: Wish) => Promise<Answer>;
  #restMs: number;
  #found = $state.raw<Answer | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #waiting = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #newest = 0;

  constructor(find: (wish: Wish) => Promise<Answer>, restMs: number) {
    this.#find = find;
    this.#restMs = restMs;
  }

  /** The newest answer; it stays where a later question fails. */
  get found(): Answer | null {
    return this.#found;
  }
  /** Of the newest question that ended; null where it was answered. */
  get failure(): Failure | null {
    return this.#failure;
  }
  get waiting(): boolean {
    return this.#waiting;
  }

  ask(wish: Wish): void {
    clearTimeout(this.#timer);
    this.#waiting = true;
    this.#timer = setTimeout(() => void this.#send(wish), this.#restMs);
  }

  /** What is under way is not waited for any longer. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#newest += 1;
    this.#waiting = false;
  }

  async #send(wish: Wish): Promise<void> {
    const mine = ++this.#newest;
    try {
      const found = await this.#find(wish);
      if (mine !== this.#newest) return;
      this.#found = found;
      this.#failure = null;
    } catch (error) {
      if (mine !== this.#newest) return;
      this.#failure = failureOf(error);
    }
    this.#waiting = false;
  }
}
