/** A stretch of a recording before and after its preparation: asked for when the form rests; the newest answer stands. */
import type { Failure } from '../../../src/contract/errors.ts';
import type { PreparationPreview, PreviewWish } from '../../../src/contract/data/preparation-preview.ts';
import type { ImportOptions } from '../../../src/contract/recipe/recipe.ts';
import { failureOf, type ProjectClient } from '../../api/project.ts';

const REST_MS = 250;

export interface PreparationAsked {
  path: string;
  options: Omit<ImportOptions, 'path'>;
  wish: Partial<PreviewWish>;
}

export class PreparationPreviewStore {
  #client: ProjectClient;
  #found = $state.raw<PreparationPreview | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #waiting = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #newest = 0;

  constructor(client: ProjectClient) {
    this.#client = client;
  }

  get found(): PreparationPreview | null {
    return this.#found;
  }
  get failure(): Failure | null {
    return this.#failure;
  }
  get waiting(): boolean {
    return this.#waiting;
  }

  ask(asked: PreparationAsked): void {
    clearTimeout(this.#timer);
    this.#waiting = true;
    this.#timer = setTimeout(() => void this.#send(asked), REST_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#newest += 1;
  }

  async #send(asked: PreparationAsked): Promise<void> {
    const mine = ++this.#newest;
    try {
      const found = await this.#client.dataset.previewPreparation(asked);
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
