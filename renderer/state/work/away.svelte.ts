/** Bundles of jobs that other machines compute: which there are, and how far they are while somebody watches. */
import { SvelteMap } from 'svelte/reactivity';
import type {
  BundleNote,
  EngineOffers,
  EngineWords,
  MergeReport,
  PackReport,
  PackWish,
  SubmitReport,
  SubmitWish,
} from '../../../src/contract/elsewhere/away.ts';
import type { EngineId } from '../../../src/contract/elsewhere/engine.ts';
import type { Failure } from '../../../src/contract/errors.ts';
import type { ProjectEvent } from '../../../src/contract/messages/project-events.ts';
import type { QuestionProgress } from '../../../src/contract/messages/trainer.ts';
import { areAllBack } from '../../../src/contract/elsewhere/progress.ts';
import { failureOf, type ProjectClient } from '../../api/project.ts';

const LOOK_MS = 5_000;

/** What was found when a bundle was looked at last. */
export type Look = { report: MergeReport } | { failure: Failure };

export class AwayStore {
  #client: ProjectClient;
  #bundles = new SvelteMap<string, BundleNote[]>();
  #looks = new SvelteMap<string, Look>();
  #packings = 0;
  #watchers = new Map<string, (progress: QuestionProgress) => void>();

  constructor(client: ProjectClient) {
    this.#client = client;
  }

  take(event: ProjectEvent): void {
    if (event.type === 'asked-progress') this.#watchers.get(event.id)?.(event.progress);
  }

  /** The oldest first. */
  bundlesOf(studyId: string): readonly BundleNote[] {
    return this.#bundles.get(studyId) ?? [];
  }
  /** @param bundle its id */
  lookOf(bundle: string): Look | undefined {
    return this.#looks.get(bundle);
  }

  offers(studyId: string): Promise<EngineOffers> {
    return this.#client.away.engines({ studyId });
  }

  async load(studyId: string): Promise<void> {
    this.#bundles.set(studyId, await this.#client.away.bundles({ studyId }));
  }

  /**
   * Brings back what there is, every few seconds, until nothing more comes by itself.
   *
   * @returns ends it
   */
  watch(studyId: string): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const look = async () => {
      await this.#lookAtAll(studyId);
      if (!ended) timer = setTimeout(() => void look(), LOOK_MS);
    };
    void look();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }

  async #lookAtAll(studyId: string): Promise<void> {
    try {
      await this.load(studyId);
    } catch {
      // The service is gone, which the window tells; the list stays as it was.
      return;
    }
    for (const { id, folder } of this.bundlesOf(studyId)) {
      const known = this.#looks.get(id);
      if (known && 'report' in known && areAllBack(known.report)) continue;
      await this.look(id, folder);
    }
  }

  /** Looks into a folder for a bundle; one that was moved is known by its new place from then on. */
  async look(bundle: string, folder: string): Promise<void> {
    try {
      this.#looks.set(bundle, { report: await this.#client.away.merge({ folder, id: bundle }) });
    } catch (error) {
      this.#looks.set(bundle, { failure: failureOf(error) });
    }
  }

  /** Packs, and tells how far it is; nothing is packed where the signal ends it. */
  async pack(
    wish: Omit<PackWish, 'id'>,
    signal: AbortSignal,
    onProgress: (progress: QuestionProgress) => void,
  ): Promise<PackReport> {
    const id = `pack ${(this.#packings += 1)}`;
    this.#watchers.set(id, onProgress);
    const report = await this.#client.away
      .pack({ ...wish, id }, { signal })
      .finally(() => this.#watchers.delete(id));
    await this.load(wish.studyId);
    return report;
  }
  async submit(studyId: string, wish: SubmitWish): Promise<SubmitReport> {
    const report = await this.#client.away.submit(wish);
    await this.load(studyId);
    return report;
  }
  ask(folder: string, engine: EngineId): Promise<EngineWords> {
    return this.#client.away.ask({ folder, engine });
  }
  async takeBack(studyId: string): Promise<{ runs: number; words: string }> {
    const taken = await this.#client.away.takeBack({ studyId });
    this.#looks.clear();
    await this.load(studyId);
    return taken;
  }
}
