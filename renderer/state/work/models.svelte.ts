/** Kept models, and what one of them was asked last: it stays while one looks elsewhere. */
import { SvelteMap } from 'svelte/reactivity';
import type { Failure } from '../../../src/contract/errors.ts';
import type { ProjectEvent } from '../../../src/contract/messages/project-events.ts';
import type { QuestionProgress } from '../../../src/contract/messages/trainer.ts';
import type { WrittenEmbeddings } from '../../../src/contract/model/export.ts';
import { headsOf } from '../../../src/contract/model/heads.ts';
import type { KeptModel } from '../../../src/contract/model/model.ts';
import type { StretchOutput } from '../../../src/contract/model/stretches.ts';
import type {
  PredictionOutput,
  Predictions,
  PredictionSource,
} from '../../../src/contract/model/prediction.ts';
import { failureOf, type ProjectClient } from '../../api/project.ts';

/** Answers that are shown; all go into a file. */
export const MOST_SHOWN = 500;

export interface Asked {
  modelId: string;
  /** The dataset whose head answers. */
  head: string;
  from: PredictionSource;
  /** What was asked about, in words. */
  words: string;
  progress: QuestionProgress | null;
  /** When it began. */
  startedMs: number;
  /** A file is being written; else answers are shown. */
  saving: boolean;
  predictions: Predictions | null;
  failure: Failure | null;
}

export class ModelStore {
  #client: ProjectClient;
  #models = new SvelteMap<string, KeptModel>();
  #asked = $state.raw<Asked | null>(null);
  #abort: AbortController | null = null;
  #calls = 0;
  /** By model, the head that was chosen of several. */
  #heads = new SvelteMap<string, string>();
  /** Who hears how far a call is, by its id. */
  #watchers = new Map<string, (progress: QuestionProgress) => void>();

  constructor(client: ProjectClient) {
    this.#client = client;
  }

  /** Newest first. */
  get all(): KeptModel[] {
    return [...this.#models.values()].sort((a, b) => b.model.createdAt.localeCompare(a.model.createdAt));
  }
  byId(id: string): KeptModel | undefined {
    return this.#models.get(id);
  }
  /** What the model's head was asked that answers now. */
  askedOf(modelId: string): Asked | null {
    const asked = this.#asked;
    return asked?.modelId === modelId && asked.head === this.headOf(modelId) ? asked : null;
  }
  /** The dataset whose head answers: the only one there is, or that which was chosen; null where none was. */
  headOf(modelId: string): string | null {
    const kept = this.#models.get(modelId);
    if (!kept) return null;
    const names = headsOf(kept.model);
    return names.length === 1 ? names[0]! : (this.#heads.get(modelId) ?? null);
  }
  chooseHead(modelId: string, head: string): void {
    if (head !== this.headOf(modelId)) this.stop();
    this.#heads.set(modelId, head);
  }

  async load(): Promise<void> {
    const models = await this.#client.model.list();
    this.#models.clear();
    for (const kept of models) this.#models.set(kept.model.id, kept);
  }

  take(event: ProjectEvent): void {
    if (event.type === 'model') this.#models.set(event.model.model.id, event.model);
    if (event.type === 'model-removed') this.#models.delete(event.modelId);
    if (event.type === 'asked-progress') this.#watchers.get(event.id)?.(event.progress);
  }

  async remove(modelId: string): Promise<void> {
    await this.#client.model.remove({ modelId });
    this.#models.delete(modelId);
  }

  /** Shows what the model answers; another question takes the place of the one before. */
  async ask(modelId: string, from: PredictionSource, words: string): Promise<void> {
    const head = this.headOf(modelId);
    if (head === null) return;
    this.stop();
    const abort = (this.#abort = new AbortController());
    const nothing = {
      progress: null,
      startedMs: Date.now(),
      saving: false,
      predictions: null,
      failure: null,
    };
    this.#asked = { modelId, head, from, words, ...nothing };
    try {
      const wishes = { model: modelId, head, from, output: null, rows: MOST_SHOWN, pictures: true };
      const predictions = await this.#predict(wishes, abort);
      this.#set(abort, { predictions, progress: null });
    } catch (error) {
      if (!abort.signal.aborted) this.#set(abort, { failure: failureOf(error), progress: null });
    }
  }

  /** Writes all answers to the last question into a file, or what becomes of them. Null where it was stopped. */
  async save(wanted: {
    output: PredictionOutput | null;
    stretches?: StretchOutput;
  }): Promise<Predictions | null> {
    const asked = this.#asked;
    if (!asked) return null;
    const abort = (this.#abort = new AbortController());
    this.#asked = { ...asked, startedMs: Date.now(), saving: true, failure: null };
    try {
      const { modelId: model, head, from } = asked;
      const wishes = { model, head, from, ...wanted, rows: 0, pictures: false };
      return await this.#predict(wishes, abort);
    } catch (error) {
      if (abort.signal.aborted) return null;
      throw error;
    } finally {
      this.#set(abort, { saving: false, progress: null });
    }
  }

  /** Ends what goes on; answers that are shown stay. */
  stop(): void {
    this.#abort?.abort();
    this.#abort = null;
    if (!this.#asked) return;
    const { predictions } = this.#asked;
    this.#asked = predictions ? { ...this.#asked, progress: null, saving: false } : null;
  }

  /** Writes features of samples to a file, and tells how far it is. */
  embed(
    wishes: Omit<Parameters<ProjectClient['model']['embed']>[0], 'id'>,
    signal: AbortSignal,
    onProgress: (progress: QuestionProgress) => void,
  ): Promise<WrittenEmbeddings> {
    return this.#watched((id) => this.#client.model.embed({ id, ...wishes }, { signal }), onProgress);
  }

  #predict(
    wishes: Omit<Parameters<ProjectClient['model']['predict']>[0], 'id'>,
    abort: AbortController,
  ): Promise<Predictions> {
    const { signal } = abort;
    return this.#watched(
      (id) => this.#client.model.predict({ id, ...wishes }, { signal }),
      (progress) => this.#set(abort, { progress }),
    );
  }

  async #watched<Answer>(
    call: (id: string) => Promise<Answer>,
    onProgress: (progress: QuestionProgress) => void,
  ): Promise<Answer> {
    const id = String((this.#calls += 1));
    this.#watchers.set(id, onProgress);
    try {
      return await call(id);
    } finally {
      this.#watchers.delete(id);
    }
  }

  #set(abort: AbortController, change: Partial<Asked>): void {
    if (this.#abort === abort && this.#asked) this.#asked = { ...this.#asked, ...change };
  }
}
