/** Which screen is shown, with a way back. */
import type { Route } from '../lib/project/screens.ts';

export class Navigation {
  #past = $state.raw<Route[]>([]);
  #future = $state.raw<Route[]>([]);
  #current = $state.raw<Route>({ screen: 'overview' });

  get current(): Route {
    return this.#current;
  }
  get canGoBack(): boolean {
    return this.#past.length > 0;
  }

  go(route: Route): void {
    if (JSON.stringify(route) === JSON.stringify(this.#current)) return;
    this.#past = [...this.#past, this.#current];
    this.#future = [];
    this.#current = route;
  }

  back(): void {
    const previous = this.#past.at(-1);
    if (!previous) return;
    this.#past = this.#past.slice(0, -1);
    this.#future = [this.#current, ...this.#future];
    this.#current = previous;
  }

  forward(): void {
    const next = this.#future[0];
    if (!next) return;
    this.#future = this.#future.slice(1);
    this.#past = [...this.#past, this.#current];
    this.#current = next;
  }
}
