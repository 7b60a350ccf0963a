/** A form that starts a study: what stands in the way, and whether it is being started. */
import type { Study } from '../../../src/contract/entities.ts';
import type { Failure } from '../../../src/contract/errors.ts';
import { failureOf } from '../../api/project.ts';
import type { RecipeReading } from '../../lib/forms/recipes.ts';
import type { StudyStore } from './studies.svelte.ts';

export class StartForm {
  #studies: StudyStore;
  #failures = $state.raw<readonly Failure[]>([]);
  #starting = $state(false);

  constructor(studies: StudyStore) {
    this.#studies = studies;
  }

  get failures(): readonly Failure[] {
    return this.#failures;
  }
  get starting(): boolean {
    return this.#starting;
  }

  /** What is found wrong, or no longer is, while the form is filled in. */
  report(failures: readonly Failure[]): void {
    this.#failures = failures;
  }

  /** Starts what the form describes and hands it on; what stands in the way is kept to be shown. */
  async start(reading: RecipeReading | null, then: (study: Study) => void): Promise<void> {
    if (!reading || this.#starting) return;
    if (!reading.valid) {
      this.#failures = reading.failures;
      return;
    }
    this.#starting = true;
    this.#failures = [];
    try {
      then(await this.#studies.start(reading.recipe));
    } catch (error) {
      this.#failures = [failureOf(error)];
    } finally {
      this.#starting = false;
    }
  }
}
