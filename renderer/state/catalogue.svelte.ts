/** What encoders, pretext tasks and options there are; the service tells, and it never changes. */
import type {
  Catalogue,
  EncoderDescription,
  JsonSchema,
  PretextTaskDescription,
} from '../../src/contract/catalogue.ts';
import type { Modality } from '../../src/contract/recipe.ts';
import type { ProjectClient } from '../api/project.ts';

export class CatalogueStore {
  #catalogue = $state.raw<Catalogue | null>(null);

  async load(client: ProjectClient): Promise<void> {
    this.#catalogue ??= await client.catalogue();
  }

  get loaded(): boolean {
    return this.#catalogue !== null;
  }
  get schemas(): Catalogue['recipe'] | null {
    return this.#catalogue?.recipe ?? null;
  }

  tasksFor(modality: Modality): PretextTaskDescription[] {
    return this.#catalogue?.tasks.filter((task) => task.modalities.includes(modality)) ?? [];
  }
  /** Encoders for that kind of data that the task can use. */
  encodersFor(modality: Modality, taskId: string): EncoderDescription[] {
    const task = this.#catalogue?.tasks.find(({ id }) => id === taskId);
    return (
      this.#catalogue?.encoders.filter(
        ({ id, modalities }) => modalities.includes(modality) && (task?.encoders.includes(id) ?? true),
      ) ?? []
    );
  }
  /** All encoders for that kind of data. */
  familiesFor(modality: Modality): EncoderDescription[] {
    return this.#catalogue?.encoders.filter(({ modalities }) => modalities.includes(modality)) ?? [];
  }
  taskTitle(id: string | null): string {
    return this.#catalogue?.tasks.find((task) => task.id === id)?.title ?? id ?? '';
  }
  schemaOf(part: keyof Catalogue['recipe']): JsonSchema {
    return this.#catalogue?.recipe[part] ?? {};
  }
}
