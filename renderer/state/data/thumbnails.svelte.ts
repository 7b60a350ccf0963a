/** Thumbnails of one dataset: asked for in batches as they come into view, kept for scrolling back. */
import { SvelteMap } from 'svelte/reactivity';
import type { Panel } from '../../../src/contract/data/preview.ts';
import type { Failure } from '../../../src/contract/errors.ts';
import { failureOf, type ProjectClient } from '../../api/project.ts';

export type Thumbnail = Panel['content'];

const BATCH = 200;
const KEEP = 4000;

export class ThumbnailStore {
  #client: ProjectClient;
  #datasetId: string;
  #known = new SvelteMap<number, Thumbnail>();
  #wanted = new Set<number>();
  #asked = new Set<number>();
  #scheduled = false;
  #failed = false;
  #tell: (failure: Failure) => void;

  /** @param tell hears why pictures are missing: once, until some come again */
  constructor(client: ProjectClient, datasetId: string, tell: (failure: Failure) => void) {
    this.#client = client;
    this.#datasetId = datasetId;
    this.#tell = tell;
  }

  get(index: number): Thumbnail | undefined {
    return this.#known.get(index);
  }

  /** Notes what is in view now; a batch goes out once the frame is drawn. */
  want(indices: readonly number[]): void {
    for (const index of indices)
      if (!this.#known.has(index) && !this.#asked.has(index)) this.#wanted.add(index);
    if (this.#scheduled || this.#wanted.size === 0) return;
    this.#scheduled = true;
    requestAnimationFrame(() => void this.#send());
  }

  async #send(): Promise<void> {
    this.#scheduled = false;
    const indices = [...this.#wanted].slice(-BATCH);
    this.#wanted.clear();
    for (const index of indices) this.#asked.add(index);
    try {
      const pictures = await this.#client.dataset.thumbnails({ datasetId: this.#datasetId, indices });
      if (this.#known.size > KEEP) this.#known.clear();
      indices.forEach((index, i) => {
        const picture = pictures[i];
        if (picture) this.#known.set(index, picture);
      });
      this.#failed = false;
    } catch (error) {
      if (!this.#failed) this.#tell(failureOf(error));
      this.#failed = true;
    } finally {
      for (const index of indices) this.#asked.delete(index);
    }
  }
}
