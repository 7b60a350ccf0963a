/** Runs and their curves. */
import { SvelteMap } from 'svelte/reactivity';
import type { MetricPoint, Run } from '../../../src/contract/entities.ts';
import type { ProjectEvent } from '../../../src/contract/messages/project-events.ts';
import type { ProjectClient } from '../../api/project.ts';
import { runIs } from '../../../src/contract/status.ts';

/** So many loss values the dock's little curve shows. */
const RECENT = 48;

export class RunStore {
  #client: ProjectClient;
  #runs = new SvelteMap<string, Run>();
  #curves = new SvelteMap<string, MetricPoint[]>();
  #recentLoss = new SvelteMap<string, number[]>();
  /** Which run wrote a checkpoint. */
  #writers = new SvelteMap<string, string>();

  constructor(client: ProjectClient) {
    this.#client = client;
  }

  /** Newest first. */
  get all(): Run[] {
    return [...this.#runs.values()].sort(
      (a, b) => b.createdAt.localeCompare(a.createdAt) || b.name.localeCompare(a.name),
    );
  }
  get running(): Run[] {
    return this.all.filter((run) => run.status === 'running');
  }
  get active(): Run[] {
    return this.all.filter((run) => runIs('active', run));
  }
  /** Runs that somebody, or an end of the program, has stopped for now. */
  get held(): Run[] {
    return this.all.filter((run) => runIs('held', run));
  }
  byId(id: string): Run | undefined {
    return this.#runs.get(id);
  }
  ofStudy(studyId: string): Run[] {
    return this.all.filter((run) => run.studyId === studyId).reverse();
  }
  curve(id: string): MetricPoint[] {
    return this.#curves.get(id) ?? [];
  }
  recentLoss(id: string): number[] {
    return this.#recentLoss.get(id) ?? [];
  }

  async load(): Promise<void> {
    const runs = await this.#client.run.list();
    this.#runs.clear();
    for (const run of runs) this.#runs.set(run.id, run);
  }

  writerOf(checkpointId: string): string | undefined {
    return this.#writers.get(checkpointId);
  }

  /** Learns which run wrote which checkpoint: later studies may start from them. */
  async loadCheckpoints(): Promise<void> {
    for (const { id, runId } of await this.#client.checkpoint.list()) this.#writers.set(id, runId);
  }

  async loadCurve(runId: string): Promise<void> {
    this.#curves.set(runId, await this.#client.run.metrics({ runId }));
  }

  take(event: ProjectEvent): void {
    if (event.type === 'run') this.#put(event.run);
    if (event.type === 'run-removed') this.#runs.delete(event.runId);
    if (event.type === 'metrics') {
      const curve = this.#curves.get(event.runId);
      const last = curve?.at(-1);
      // A resumed run starts again from its checkpoint: what came after it is told anew.
      const kept =
        curve && last && last.step >= event.point.step
          ? curve.filter((p) => p.step < event.point.step)
          : curve;
      if (kept) this.#curves.set(event.runId, [...kept, event.point]);
    }
  }

  async pause(runId: string): Promise<void> {
    this.#put(await this.#client.run.pause({ runId }));
  }
  async resume(runId: string): Promise<void> {
    this.#put(await this.#client.run.resume({ runId }));
  }
  async pauseAll(): Promise<void> {
    for (const run of await this.#client.run.pauseAll({})) this.#put(run);
  }
  async resumeAll(): Promise<void> {
    for (const run of await this.#client.run.resumeAll({})) this.#put(run);
  }
  async cancel(runId: string): Promise<void> {
    this.#put(await this.#client.run.cancel({ runId }));
  }

  #put(run: Run): void {
    this.#runs.set(run.id, run);
    const loss = run.progress?.loss;
    if (run.status === 'running' && loss != null)
      this.#recentLoss.set(run.id, [...this.recentLoss(run.id), loss].slice(-RECENT));
  }
}
