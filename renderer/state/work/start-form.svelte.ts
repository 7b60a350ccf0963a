/** A form that starts a study: what stands in the way, and whether it is being started. */
import type { Study } from '../../../src/contract/entities.ts';
import type { Failure } from '../../../src/contract/errors.ts';
import { failureOf } from '../../api/project.ts';
import type { RecipeReading } from '../../lib/forms/recipes.ts';
import { failureInForm } from '../../lib/words/window-words.ts';
import type { StudyStore } from './studies.svelte.ts';

export class StartForm {
  #studies: StudyStore;
  #failures = $state.raw<readonly Failure[]>([]);
  #starting = $state(false);

  /**
   * Of a component that is being made.
   *
   * @param asked what the form asks for; what stood in the way of an earlier wish is not said of another
   */
  constructor(studies: StudyStore, asked?: () => unknown) {
    this.#studies = studies;
    if (!asked) return;
    // Events of runs and datasets make the same wish anew, which changes nothing.
    const wish = $derived(JSON.stringify(asked()));
    $effect(() => {
      void wish;
      this.#failures = [];
    });
  }

  get failures(): readonly Failure[] {
    return this.#failures;
  }
  get starting(): boolean {
    return this.#starting;
  }

  /** What is found wrong, or no longer is, while the form is filled in. */
  report(failures: readonly Failure[]): void {
    this.#failures = failures.map(failureInForm);
  }

  /** Starts what the form describes and hands it on; what stands in the way is kept to be shown. */
  async start(reading: RecipeReading | null, then: (study: Study) => void): Promise<void> {
    if (!reading || this.#starting) return;
    if (!reading.valid) {
      this.report(reading.failures);
      return;
    }
    this.#starting = true;
    this.#failures = [];
    try {
      then(await this.#studies.start(reading.recipe));
    } catch (error) {
      this.report([failureOf(error)]);
    } finally {
      this.#starting = false;
    }
  }
}
