/** How new runs compute on this machine: for all projects, kept by the service. */
import type { Recipe } from '../../src/contract/recipe/recipe.ts';
import type { Machine, MachineChange } from '../../src/contract/machine/settings.ts';
import { deviceWith } from '../lib/forms/machine.ts';
import type { ProjectClient } from '../api/project.ts';

export class MachineStore {
  #client: ProjectClient;
  #machine = $state.raw<Machine | null>(null);

  constructor(client: ProjectClient) {
    this.#client = client;
  }

  get current(): Machine | null {
    return this.#machine;
  }
  /** A new recipe's part about the machine. */
  get device(): Recipe['device'] {
    return deviceWith(this.#machine?.settings);
  }

  async load(): Promise<void> {
    this.#machine = await this.#client.machine.get();
  }
  async change(change: MachineChange): Promise<void> {
    this.#machine = await this.#client.machine.set(change);
  }
}
