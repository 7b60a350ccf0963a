/** Who takes what is dropped on the window: a screen that is made for it, else the program as a whole. */

export interface DropTaker {
  /** What is said while something hovers over the window. */
  words: string;
  take(paths: string[]): void;
}

class Drops {
  #taker = $state.raw<DropTaker | null>(null);

  get taker(): DropTaker | null {
    return this.#taker;
  }

  /** Returns how to let go again. */
  hold(taker: DropTaker): () => void {
    this.#taker = taker;
    return () => {
      if (this.#taker === taker) this.#taker = null;
    };
  }
}

export const drops = new Drops();
