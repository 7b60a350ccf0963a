/** The samples of one dataset under a filter, loaded page by page as they come into view. */
import { SvelteMap } from 'svelte/reactivity';
import type { Sample, SplitName } from '../../../src/contract/entities.ts';
import type { Failure } from '../../../src/contract/errors.ts';
import { failureOf, type ProjectClient } from '../../api/project.ts';

/** Samples in some order, of which a gallery shows what is in view. */
export interface SampleSource {
  readonly total: number | null;
  at(position: number): Sample | undefined;
  /** Sees to it that the positions from first to last get loaded. */
  want(first: number, last: number): void;
  /** After labels have changed: what is loaded is asked for again, in its place. */
  refresh(): void;
}

export interface SampleFilter {
  split: SplitName | null;
  /** A class name, null for unlabeled samples, undefined for all. */
  label: string | null | undefined;
  /** Only those that differ from the import. */
  changed?: boolean;
}

const PAGE = 250;

export class SampleStore implements SampleSource {
  #client: ProjectClient;
  #datasetId: string;
  #filter: SampleFilter;
  #pages = new SvelteMap<number, Sample[]>();
  #asked = new Set<number>();
  #total = $state<number | null>(null);
  #failure = $state.raw<Failure | null>(null);

  constructor(client: ProjectClient, datasetId: string, filter: SampleFilter) {
    this.#client = client;
    this.#datasetId = datasetId;
    this.#filter = filter;
    this.want(0, 0);
  }

  /** How many there are; null until the first page is there. */
  get total(): number | null {
    return this.#total;
  }
  get failure(): Failure | null {
    return this.#failure;
  }

  at(position: number): Sample | undefined {
    return this.#pages.get(Math.floor(position / PAGE))?.[position % PAGE];
  }

  want(first: number, last: number): void {
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++)
      if (!this.#asked.has(page)) void this.#load(page);
  }

  refresh(): void {
    for (const page of this.#asked) void this.#load(page);
  }

  async #load(page: number): Promise<void> {
    this.#asked.add(page);
    const { split, label, changed } = this.#filter;
    try {
      const { total, samples } = await this.#client.dataset.samples({
        datasetId: this.#datasetId,
        offset: page * PAGE,
        limit: PAGE,
        ...(split === null ? {} : { split }),
        ...(label === undefined ? {} : { label }),
        ...(changed && { changed }),
      });
      this.#pages.set(page, samples);
      this.#total = total;
      this.#failure = null;
    } catch (error) {
      // It is wanted again when it comes into view again.
      this.#asked.delete(page);
      this.#failure = failureOf(error);
    }
  }
}
