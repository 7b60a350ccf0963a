/** The time, in steps of a few seconds, for "3 min ago". */
class Clock {
  #nowMs = $state(Date.now());

  constructor() {
    setInterval(() => (this.#nowMs = Date.now()), 5000);
  }

  get nowMs(): number {
    return this.#nowMs;
  }
}

export const clock = new Clock();
