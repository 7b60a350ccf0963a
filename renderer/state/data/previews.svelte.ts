/** The live preview of a pretext task: asks again when a knob rests, and shows only the newest answer. */
import type { Failure } from '../../../src/contract/errors.ts';
import type { PreviewItem } from '../../../src/contract/data/preview.ts';
import { failureOf, type ProjectClient } from '../../api/project.ts';

export interface PreviewWish {
  datasetId: string;
  task: string;
  options: Record<string, unknown>;
  encoder: { family: string; options: Record<string, unknown> };
  seed: number;
  count: number;
}

const REST_MS = 150;

export class PreviewStore {
  #client: ProjectClient;
  #items = $state.raw<PreviewItem[]>([]);
  #failure = $state.raw<Failure | null>(null);
  #waiting = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #newest = 0;

  constructor(client: ProjectClient) {
    this.#client = client;
  }

  get items(): readonly PreviewItem[] {
    return this.#items;
  }
  get failure(): Failure | null {
    return this.#failure;
  }
  get waiting(): boolean {
    return this.#waiting;
  }

  ask(wish: PreviewWish): void {
    clearTimeout(this.#timer);
    this.#waiting = true;
    this.#timer = setTimeout(() => void this.#send(wish), REST_MS);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#newest += 1;
    this.#items = [];
    this.#failure = null;
    this.#waiting = false;
  }

  async #send(wish: PreviewWish): Promise<void> {
    const mine = ++this.#newest;
    try {
      const items = await this.#client.preview(wish);
      if (mine !== this.#newest) return;
      this.#items = items;
      this.#failure = null;
    } catch (error) {
      if (mine !== this.#newest) return;
      this.#failure = failureOf(error);
    }
    this.#waiting = false;
  }
}
