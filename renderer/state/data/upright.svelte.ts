/**
 * Whether the samples of a dataset have an upright position: the person is asked once, and the window remembers.
 *
 * Nothing in the numbers tells it: photographs have one, images under a microscope have none.
 */
import { SvelteMap } from 'svelte/reactivity';

export type Upright = 'yes' | 'no' | 'unsaid';

const keyOf = (datasetId: string) => `upright:${datasetId}`;

export class UprightStore {
  #said = new SvelteMap<string, Upright>();

  of(datasetId: string): Upright {
    const known = this.#said.get(datasetId) ?? localStorage.getItem(keyOf(datasetId));
    return known === 'yes' || known === 'no' ? known : 'unsaid';
  }

  /** As the advisor takes it: nothing where nobody has said. */
  wish(datasetIds: readonly string[]): { upright?: boolean } {
    const all = datasetIds.map((id) => this.of(id));
    if (all.includes('no')) return { upright: false };
    return all.length > 0 && all.every((one) => one === 'yes') ? { upright: true } : {};
  }

  say(datasetIds: readonly string[], upright: Upright): void {
    for (const id of datasetIds) {
      this.#said.set(id, upright);
      if (upright === 'unsaid') localStorage.removeItem(keyOf(id));
      else localStorage.setItem(keyOf(id), upright);
    }
  }
}
