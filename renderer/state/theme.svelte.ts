/** Light, dark, or as the system has it; the shell keeps the choice. */
import type { Theme as ThemeChoice } from '../../src/contract/messages/shell.ts';
import { shell } from '../api/shell.ts';

export class Theme {
  #choice = $state<ThemeChoice>('system');
  #systemDark = $state(false);

  constructor() {
    const query = matchMedia('(prefers-color-scheme: dark)');
    this.#systemDark = query.matches;
    query.addEventListener('change', (event) => {
      this.#systemDark = event.matches;
      this.#apply();
    });
    this.#apply();
    void shell.theme().then((choice) => {
      this.#choice = choice;
      this.#apply();
    });
  }

  get choice(): ThemeChoice {
    return this.#choice;
  }
  get resolved(): 'light' | 'dark' {
    if (this.#choice === 'system') return this.#systemDark ? 'dark' : 'light';
    return this.#choice;
  }

  async choose(choice: ThemeChoice): Promise<void> {
    this.#choice = choice;
    this.#apply();
    await shell.setTheme(choice);
  }

  #apply(): void {
    document.documentElement.dataset.theme = this.resolved;
  }
}
