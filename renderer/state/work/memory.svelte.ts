/** What the runs of a form would take in memory, its pretraining in time, and how far its encoder looks: asked when its knobs rest. */
import type { Failure } from '../../../src/contract/errors.ts';
import type { MemoryEstimate } from '../../../src/contract/machine/memory.ts';
import type { TimeEstimate } from '../../../src/contract/machine/time-estimate.ts';
import type { EncoderReach } from '../../../src/contract/recipe/reach.ts';
import type { Recipe } from '../../../src/contract/recipe/recipe.ts';
import type { ProjectClient } from '../../api/project.ts';
import { RestingQuestion } from '../resting-question.svelte.ts';

const REST_MS = 300;

async function estimatesOf({ study }: ProjectClient, recipe: Recipe) {
  const [estimates, time, reach] = await Promise.all([
    study.memory({ recipe }),
    study.time({ recipe }),
    study.reach({ recipe }),
  ]);
  return { estimates, time, reach };
}

export class MemoryStore {
  #question: RestingQuestion<Recipe, Awaited<ReturnType<typeof estimatesOf>>>;

  constructor(client: ProjectClient) {
    this.#question = new RestingQuestion((recipe) => estimatesOf(client, recipe), REST_MS);
  }

  /** None after a failure: those of an earlier recipe are not this one's. */
  get estimates(): readonly MemoryEstimate[] {
    return this.failure ? [] : (this.#question.found?.estimates ?? []);
  }
  /** How long its pretraining takes, about; null where nothing is said of it. */
  get time(): TimeEstimate | null {
    return this.#question.found?.time ?? null;
  }
  /** How far its encoder looks; null where it cannot say. */
  get reach(): EncoderReach | null {
    return this.#question.found?.reach ?? null;
  }
  get failure(): Failure | null {
    return this.#question.failure;
  }
  get waiting(): boolean {
    return this.#question.waiting;
  }

  /** What was asked before is of another recipe, and does not count any more. */
  ask(recipe: Recipe): void {
    this.#question.stop();
    this.#question.ask(recipe);
  }

  stop(): void {
    this.#question.stop();
  }
}
