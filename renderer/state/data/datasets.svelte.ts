/** The project's datasets and the imports under way. */
import { SvelteMap } from 'svelte/reactivity';
import type { CopiesBetween, Dataset, ImportProgress } from '../../../src/contract/entities.ts';
import type { LabelFileReport, LabelsChanged, LabelWish } from '../../../src/contract/data/labels.ts';
import type { KindChoice } from '../../../src/contract/data/recordings/signal-kinds.ts';
import type { Failure } from '../../../src/contract/errors.ts';
import type { ImportOptions } from '../../../src/contract/recipe/recipe.ts';
import type { ProjectEvent } from '../../../src/contract/messages/project-events.ts';
import type { ProjectClient } from '../../api/project.ts';

/** How an import ended, kept until the person has seen it. */
export interface ImportEnd {
  id: string;
  name: string;
  datasetId: string | null;
  failure: Failure | null;
}

export class DatasetStore {
  #client: ProjectClient;
  #datasets = new SvelteMap<string, Dataset>();
  #imports = new SvelteMap<string, ImportProgress>();
  #ended = $state.raw<ImportEnd[]>([]);
  #loaded = $state(false);

  constructor(client: ProjectClient) {
    this.#client = client;
  }

  get all(): Dataset[] {
    return [...this.#datasets.values()].sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  }
  get imports(): ImportProgress[] {
    return [...this.#imports.values()];
  }
  get ended(): readonly ImportEnd[] {
    return this.#ended;
  }
  get loaded(): boolean {
    return this.#loaded;
  }

  byId(id: string): Dataset | undefined {
    return this.#datasets.get(id);
  }
  byName(name: string): Dataset | undefined {
    return this.all.find((dataset) => dataset.name === name);
  }

  async load(): Promise<void> {
    const [datasets, imports] = await Promise.all([
      this.#client.dataset.list(),
      this.#client.dataset.imports(),
    ]);
    this.#datasets.clear();
    this.#imports.clear();
    for (const dataset of datasets) this.#datasets.set(dataset.id, dataset);
    for (const progress of imports) this.#imports.set(progress.id, progress);
    this.#loaded = true;
  }

  take(event: ProjectEvent): void {
    if (event.type === 'dataset') this.#datasets.set(event.dataset.id, event.dataset);
    if (event.type === 'dataset-removed') this.#datasets.delete(event.datasetId);
    if (event.type === 'import') this.#imports.set(event.progress.id, event.progress);
    if (event.type === 'import-ended') {
      const name = this.#imports.get(event.id)?.name ?? '';
      this.#imports.delete(event.id);
      this.#ended = [
        ...this.#ended,
        { id: event.id, name, datasetId: event.datasetId, failure: event.failure },
      ];
    }
  }

  forgetEnd(id: string): void {
    this.#ended = this.#ended.filter((end) => end.id !== id);
  }

  async import(name: string, options: ImportOptions): Promise<string> {
    return (await this.#client.dataset.import({ name, options })).id;
  }
  async cancelImport(id: string): Promise<void> {
    await this.#client.dataset.cancelImport({ id });
  }
  async rename(datasetId: string, name: string): Promise<void> {
    this.#put(await this.#client.dataset.rename({ datasetId, name }));
  }
  async setKind(datasetId: string, kind: KindChoice): Promise<void> {
    this.#put(await this.#client.dataset.setKind({ datasetId, kind }));
  }
  async findCopies(datasetId: string): Promise<Dataset> {
    return this.#put(await this.#client.dataset.findCopies({ datasetId }));
  }
  async leaveCopiesOut(datasetId: string, leaveOut: boolean): Promise<Dataset> {
    return this.#put(await this.#client.dataset.leaveCopiesOut({ datasetId, leaveOut }));
  }
  async changeLabels(wish: LabelWish): Promise<LabelsChanged> {
    return this.#relabeled(await this.#client.dataset.changeLabels(wish));
  }
  async undoLabels(datasetId: string, to?: number): Promise<LabelsChanged> {
    return this.#relabeled(
      await this.#client.dataset.undoLabels({ datasetId, ...(to !== undefined && { to }) }),
    );
  }
  async exportLabels(datasetId: string, file: string): Promise<number> {
    // The dialog has asked whether a file that is there may be written over.
    return (await this.#client.dataset.exportLabels({ datasetId, file, overwrite: true })).samples;
  }
  async importLabels(datasetId: string, file: string, tests: boolean): Promise<LabelFileReport> {
    return this.#relabeled(await this.#client.dataset.importLabels({ datasetId, file, tests }));
  }
  copiesBetween(datasetId: string): Promise<CopiesBetween[]> {
    return this.#client.dataset.copiesBetween({ datasetId });
  }
  findCopiesBetween(datasetId: string, otherId: string): Promise<CopiesBetween> {
    return this.#client.dataset.findCopiesBetween({ datasetId, otherId });
  }
  /** Gives the seconds in which `restore` brings it back, and the finished studies that used it. */
  async remove(datasetId: string): Promise<{ undoSeconds: number; usedBy: string[] }> {
    const removed = await this.#client.dataset.remove({ datasetId });
    this.#datasets.delete(datasetId);
    return removed;
  }
  async restore(datasetId: string): Promise<void> {
    this.#put(await this.#client.dataset.restore({ datasetId }));
  }

  #relabeled<Changed extends LabelsChanged>(changed: Changed): Changed {
    this.#put(changed.dataset);
    return changed;
  }

  #put(dataset: Dataset): Dataset {
    this.#datasets.set(dataset.id, dataset);
    return dataset;
  }
}
