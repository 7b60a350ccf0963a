/** What encoders, pretext tasks and options there are; the service tells, and it never changes. */
import type {
  Catalogue,
  EncoderDescription,
  JsonSchema,
  PretextTaskDescription,
  ReaderDescription,
} from '../../src/contract/catalogue.ts';
import type { Inspection } from '../../src/contract/messages/rpc.ts';
import type { Modality } from '../../src/contract/recipe/recipe.ts';
import type { ProjectClient } from '../api/project.ts';
import { inTitles } from '../lib/forms/field-titles.ts';
import { schemaFor } from '../lib/forms/schema.ts';

const usedFor = <Described extends { modalities: readonly Modality[]; options: JsonSchema }>(
  modality: Modality,
  all: readonly Described[],
): Described[] =>
  all
    .filter(({ modalities }) => modalities.includes(modality))
    .map((one) => ({ ...one, options: schemaFor(one.options, modality) }));

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

  /** The formats that can be imported. */
  get readers(): readonly ReaderDescription[] {
    return this.#catalogue?.readers ?? [];
  }
  /** What was said of an import, with formats and fields named by the titles that stand in the form. */
  importWords({ format, tableColumns }: Inspection, text: string): string {
    const reader = this.readers.find(({ id }) => id === format);
    const said = this.readers.reduce(
      (words, { id, title }) => words.replaceAll(`“${id}”`, `“${title}”`),
      text,
    );
    return inTitles(said, this.schemaOf('import'), reader, tableColumns.length > 0);
  }
  /** Tasks for that kind of data, with the options that it uses. */
  tasksFor(modality: Modality): PretextTaskDescription[] {
    return usedFor(modality, this.#catalogue?.tasks ?? []);
  }
  /** Encoders for that kind of data that the task can use. */
  encodersFor(modality: Modality, taskId: string): EncoderDescription[] {
    const task = this.#catalogue?.tasks.find(({ id }) => id === taskId);
    return this.familiesFor(modality).filter(({ id }) => task?.encoders.includes(id) ?? true);
  }
  /** All encoders for that kind of data, with the options that it uses. */
  familiesFor(modality: Modality): EncoderDescription[] {
    return usedFor(modality, this.#catalogue?.encoders ?? []);
  }
  task(id: string | null): PretextTaskDescription | undefined {
    return this.#catalogue?.tasks.find((task) => task.id === id);
  }
  taskTitle(id: string | null): string {
    return this.task(id)?.title ?? id ?? '';
  }
  schemaOf(part: keyof Catalogue['recipe']): JsonSchema {
    return this.#catalogue?.recipe[part] ?? {};
  }
  /** How answers for windows become stretches. */
  get smoothing(): JsonSchema {
    return this.#catalogue?.smoothing ?? {};
  }
}
