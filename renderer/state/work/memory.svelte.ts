/** What the runs of a form would take in memory, its pretraining in time, and how far its encoder looks: asked when its knobs rest; only the newest answer counts. */
import type { Failure } from '../../../src/contract/errors.ts';
import type { MemoryEstimate } from '../../../src/contract/machine/memory.ts';
import type { TimeEstimate } from '../../../src/contract/machine/time-estimate.ts';
import type { EncoderReach } from '../../../src/contract/recipe/reach.ts';
import type { Recipe } from '../../../src/contract/recipe/recipe.ts';
import { failureOf, type ProjectClient } from '../../api/project.ts';

const REST_MS = 300;

export class MemoryStore {
  #client: ProjectClient;
  #estimates = $state.raw<MemoryEstimate[]>([]);
  #time = $state.raw<TimeEstimate | null>(null);
  #reach = $state.raw<EncoderReach | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #waiting = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #newest = 0;

  constructor(client: ProjectClient) {
    this.#client = client;
  }

  get estimates(): readonly MemoryEstimate[] {
    return this.#estimates;
  }
  /** How long its pretraining takes, about; null where nothing is said of it. */
  get time(): TimeEstimate | null {
    return this.#time;
  }
  /** How far its encoder looks; null where it cannot say. */
  get reach(): EncoderReach | null {
    return this.#reach;
  }
  get failure(): Failure | null {
    return this.#failure;
  }
  get waiting(): boolean {
    return this.#waiting;
  }

  ask(recipe: Recipe): void {
    clearTimeout(this.#timer);
    this.#newest += 1;
    this.#waiting = true;
    this.#timer = setTimeout(() => void this.#send(recipe), REST_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#newest += 1;
    this.#waiting = false;
  }

  async #send(recipe: Recipe): Promise<void> {
    const mine = ++this.#newest;
    try {
      const [estimates, time, reach] = await Promise.all([
        this.#client.study.memory({ recipe }),
        this.#client.study.time({ recipe }),
        this.#client.study.reach({ recipe }),
      ]);
      if (mine !== this.#newest) return;
      this.#time = time;
      this.#reach = reach;
      this.#estimates = estimates;
      this.#failure = null;
    } catch (error) {
      if (mine !== this.#newest) return;
      this.#estimates = [];
      this.#failure = failureOf(error);
    }
    this.#waiting = false;
  }
}
