/** One open project: its stores, kept up to date by the service's events. */
import type { Project, Study } from '../../src/contract/entities.ts';
import type { PreviewItem } from '../../src/contract/data/preview.ts';
import type { Failure } from '../../src/contract/errors.ts';
import type { ProjectEvent } from '../../src/contract/messages/project-events.ts';
import { failureOf, type ProjectClient } from '../api/project.ts';
import { lineageOf, type Lineage } from '../lib/project/lineage.ts';
import { runScores, studyAnswers } from '../lib/results/scores.ts';
import { stagesOf, type Stage } from '../lib/project/stages.ts';
import { CatalogueStore } from './catalogue.svelte.ts';
import { DatasetStore } from './data/datasets.svelte.ts';
import { Drafts } from './work/drafts.svelte.ts';
import { MachineStore } from './machine.svelte.ts';
import { ModelStore } from './work/models.svelte.ts';
import { RestingQuestion } from './resting-question.svelte.ts';
import { RunStore } from './work/runs.svelte.ts';
import { AwayStore } from './work/away.svelte.ts';
import { StudyStore } from './work/studies.svelte.ts';
import { UprightStore } from './data/upright.svelte.ts';

export class ProjectSession {
  readonly client: ProjectClient;
  readonly datasets: DatasetStore;
  readonly studies: StudyStore;
  readonly runs: RunStore;
  readonly models: ModelStore;
  readonly away: AwayStore;
  /** The live preview of a pretext task. */
  readonly previews: RestingQuestion<Parameters<ProjectClient['preview']>[0], PreviewItem[]>;
  readonly machine: MachineStore;
  readonly catalogue = new CatalogueStore();
  readonly upright = new UprightStore();
  #drafts = new Drafts();
  #info = $state.raw<Project>({
    name: '',
    folder: '',
    createdAt: '',
    readOnlyQueue: false,
    heldBy: null,
    readOnly: false,
    cautions: [],
  });
  #ready = $state(false);
  #failure = $state.raw<Failure | null>(null);
  #trouble = $state.raw<Failure | null>(null);
  #closed = false;

  constructor(client: ProjectClient) {
    this.client = client;
    this.datasets = new DatasetStore(client);
    this.machine = new MachineStore(client);
    this.studies = new StudyStore(client, () => this.machine.device);
    this.runs = new RunStore(client);
    this.models = new ModelStore(client);
    this.away = new AwayStore(client);
    this.previews = new RestingQuestion((wish) => client.preview(wish), 150);
  }

  get drafts(): Drafts {
    return this.#drafts;
  }
  get info(): Project {
    return this.#info;
  }
  /** Everything of the first load is there. */
  get ready(): boolean {
    return this.#ready;
  }
  get failure(): Failure | null {
    return this.#failure;
  }
  /** What went wrong last in the service without anybody waiting for it. */
  get trouble(): Failure | null {
    return this.#trouble;
  }
  get stages(): Stage[] {
    return stagesOf({
      datasets: this.datasets.all,
      imports: this.datasets.imports,
      runs: this.runs.all,
      studies: this.studies.all,
    });
  }
  get empty(): boolean {
    return (
      this.datasets.all.length === 0 && this.studies.all.length === 0 && this.datasets.imports.length === 0
    );
  }

  lineage(width: number): Lineage {
    const studies = this.studies.all;
    const input = {
      datasets: this.datasets.all,
      studies,
      runs: [...this.runs.all].reverse(),
      scores: runScores(
        this.runs.all,
        studies,
        (id) => this.studies.result(id),
        (id) => this.runs.curve(id),
      ),
      writerOf: (checkpointId: string) => this.runs.writerOf(checkpointId),
      titles: this.studies.titles,
      answers: studyAnswers(studies, (id) => this.studies.result(id)),
    };
    return lineageOf(input, width);
  }

  /** Subscribes first and loads after the first event, so that nothing falls between the two. */
  async follow(onEnd: (failure: Failure | null) => void): Promise<void> {
    try {
      for await (const event of await this.client.events()) {
        if (this.#closed) return;
        if (event.type === 'hello') await this.#load();
        else this.#take(event);
      }
      if (!this.#closed) onEnd(null);
    } catch (error) {
      this.#failure = failureOf(error);
      if (!this.#closed) onEnd(this.#failure);
    }
  }

  /** After a restart of the service: what was typed stays. */
  keepDrafts(drafts: Drafts): void {
    this.#drafts = drafts;
  }

  close(): void {
    this.#closed = true;
  }

  async rename(name: string): Promise<void> {
    this.#info = await this.client.project.rename({ name });
  }

  async #load(): Promise<void> {
    const [info] = await Promise.all([
      this.client.project.get(),
      this.catalogue.load(this.client),
      this.machine.load(),
      this.datasets.load(),
      this.studies.load(),
      this.runs.load(),
      this.models.load(),
    ]);
    this.#info = info;
    await Promise.all([this.#loadResults(), this.#loadProbes()]);
    this.#ready = true;
  }

  /** A study has something to show from its first finished fine-tuning run on. */
  async #loadResults(): Promise<void> {
    const done = this.runs.all.filter((run) => run.kind === 'finetune' && run.status === 'done');
    const competing = this.studies.all.filter((study) => this.#competes(study.id)).map((study) => study.id);
    const wanted = [...new Set([...done.map((run) => run.studyId), ...competing])];
    await Promise.all(wanted.map((id) => this.studies.loadResult(id)));
  }

  #asks(study: Study): boolean {
    return study.recipe.finetune !== undefined || study.recipe.tournament !== undefined;
  }

  /** Standings change with every run of a tournament, once the datasets are there. */
  #competes(studyId: string): boolean {
    const study = this.studies.byId(studyId);
    return study?.recipe.tournament !== undefined && study.status !== 'importing' && study.runIds.length > 0;
  }

  /** The lineage shows the last probe of the newest pretext runs, and what started from their checkpoints. */
  async #loadProbes(): Promise<void> {
    const runs = this.runs.all.filter((run) => run.kind === 'pretext' && run.startedAt !== null);
    await Promise.all([
      this.runs.loadCheckpoints(),
      ...runs.slice(0, 12).map((run) => this.runs.loadCurve(run.id)),
    ]);
  }

  #take(event: ProjectEvent): void {
    this.datasets.take(event);
    this.studies.take(event);
    this.runs.take(event);
    this.models.take(event);
    this.away.take(event);
    if (event.type === 'run' && event.run.kind === 'pretext' && event.run.status === 'done')
      void this.#loadProbes();
    if (event.type === 'project') this.#info = event.project;
    if (event.type === 'trouble') this.#trouble = event.failure;
    if (event.type === 'run' && event.run.kind === 'finetune' && event.run.status === 'done') {
      void this.studies.loadResult(event.run.studyId);
      // Another process may have trained it: of its models nothing is told here.
      void this.models.load();
    }
    if (event.type === 'study' && this.#asks(event.study) && event.study.status === 'done')
      void this.studies.loadResult(event.study.id);
    if (event.type === 'run' && event.run.status === 'done' && this.#competes(event.run.studyId))
      void this.studies.loadResult(event.run.studyId);
  }
}
