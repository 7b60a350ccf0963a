/** Rows of a table dataset in an order and under filters, loaded page by page as they come into view. */
import { SvelteMap } from 'svelte/reactivity';
import type { RowFilter, TableRow } from '../../../src/contract/data/table-rows.ts';
import type { SplitName } from '../../../src/contract/entities.ts';
import type { Failure } from '../../../src/contract/errors.ts';
import { failureOf, type ProjectClient } from '../../api/project.ts';

export interface RowsView {
  split: SplitName | null;
  sort: { column: string; descending: boolean } | null;
  filters: RowFilter[];
}

const PAGE = 100;
/** Pages that are kept: those that were looked at longest ago are forgotten. */
const MOST_PAGES = 40;

export class TableRowsStore {
  #client: ProjectClient;
  #datasetId: string;
  #view: RowsView;
  #pages = new SvelteMap<number, TableRow[]>();
  #asked = new Set<number>();
  #total = $state<number | null>(null);
  #failure = $state.raw<Failure | null>(null);

  constructor(client: ProjectClient, datasetId: string, view: RowsView) {
    this.#client = client;
    this.#datasetId = datasetId;
    this.#view = view;
    this.want(0, 0);
  }

  /** How many fit; null until the first page is there. */
  get total(): number | null {
    return this.#total;
  }
  get failure(): Failure | null {
    return this.#failure;
  }

  at(position: number): TableRow | undefined {
    return this.#pages.get(Math.floor(position / PAGE))?.[position % PAGE];
  }

  /** Sees to it that the positions from first to last get loaded. */
  want(first: number, last: number): void {
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++)
      if (!this.#asked.has(page)) void this.#load(page);
  }

  async #load(page: number): Promise<void> {
    this.#asked.add(page);
    const { split, sort, filters } = this.#view;
    try {
      const { total, rows } = await this.#client.dataset.rows({
        datasetId: this.#datasetId,
        offset: page * PAGE,
        limit: PAGE,
        filters,
        ...(split && { split }),
        ...(sort && { sort }),
      });
      this.#pages.set(page, rows);
      this.#total = total;
      this.#failure = null;
      this.#forget();
    } catch (error) {
      this.#asked.delete(page);
      this.#failure = failureOf(error);
    }
  }

  #forget(): void {
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= MOST_PAGES) return;
      this.#pages.delete(page);
      this.#asked.delete(page);
    }
  }
}
