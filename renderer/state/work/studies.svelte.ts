/** Studies and what they found. */
import { SvelteMap } from 'svelte/reactivity';
import type { Study } from '../../../src/contract/entities.ts';
import type { Recipe } from '../../../src/contract/recipe/recipe.ts';
import type { StudyResult } from '../../../src/contract/results/result.ts';
import type { ProjectEvent } from '../../../src/contract/messages/project-events.ts';
import type { SampleStudy } from '../../../src/contract/recipe/sample-study.ts';
import { studyTitles } from '../../lib/words/studies.ts';
import type { ProjectClient } from '../../api/project.ts';

export class StudyStore {
  #client: ProjectClient;
  #device: () => Recipe['device'];
  #studies = new SvelteMap<string, Study>();
  #results = new SvelteMap<string, StudyResult>();
  #titles = $derived(studyTitles([...this.#studies.values()]));
  #samples = $state.raw<SampleStudy[]>([]);

  /** @param device a new recipe's part about the machine */
  constructor(client: ProjectClient, device: () => Recipe['device']) {
    this.#client = client;
    this.#device = device;
  }

  /** Newest first. */
  get all(): Study[] {
    return [...this.#studies.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  }
  /** Studies that ask something: those with fine-tuning or a tournament. */
  get comparisons(): Study[] {
    return this.all.filter((study) => study.recipe.finetune || study.recipe.tournament);
  }
  /** Names that tell all studies apart. */
  get titles(): ReadonlyMap<string, string> {
    return this.#titles;
  }
  titleOf(id: string): string {
    return this.#titles.get(id) ?? '';
  }
  get samples(): readonly SampleStudy[] {
    return this.#samples;
  }
  byId(id: string): Study | undefined {
    return this.#studies.get(id);
  }
  result(id: string): StudyResult | undefined {
    return this.#results.get(id);
  }

  async load(): Promise<void> {
    const [studies, samples] = await Promise.all([this.#client.study.list(), this.#client.study.samples()]);
    this.#studies.clear();
    for (const study of studies) this.#studies.set(study.id, study);
    this.#samples = samples;
  }

  async loadResult(studyId: string): Promise<void> {
    this.#results.set(studyId, await this.#client.study.result({ studyId }));
  }

  take(event: ProjectEvent): void {
    if (event.type === 'study') this.#studies.set(event.study.id, event.study);
  }

  /** Starts what a form describes, which says nothing about the machine: the settings do. */
  async start(recipe: Recipe): Promise<Study> {
    return this.startAsIs({ ...recipe, device: this.#device() });
  }
  async startAsIs(recipe: Recipe): Promise<Study> {
    return this.#put(await this.#client.study.start({ recipe }));
  }
  async startSample(id: string): Promise<Study> {
    return this.#put(await this.#client.study.startSample({ id }));
  }
  async rename(studyId: string, name: string): Promise<void> {
    this.#put(await this.#client.study.rename({ studyId, name }));
  }
  /** An unfinished study goes on where it stopped, what failed in it included. */
  async goOn(study: Study): Promise<void> {
    await this.startAsIs($state.snapshot(study.recipe) as Recipe);
  }
  async cancel(studyId: string): Promise<void> {
    await this.#client.study.cancel({ studyId });
  }
  async remove(studyId: string): Promise<number> {
    const { undoSeconds } = await this.#client.study.remove({ studyId });
    this.#studies.delete(studyId);
    return undoSeconds;
  }
  async restore(studyId: string): Promise<void> {
    this.#put(await this.#client.study.restore({ studyId }));
  }
  async yaml(studyId: string): Promise<string> {
    return (await this.#client.study.yaml({ studyId })).text;
  }

  #put(study: Study): Study {
    this.#studies.set(study.id, study);
    return study;
  }
}
