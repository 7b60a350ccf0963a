/** Short notes at the edge of the window; one with an action stays until its time is over. */
import type { Failure } from '../../src/contract/errors.ts';
import { failureOf } from '../api/project.ts';

export interface Toast {
  id: number;
  tone: 'done' | 'failed';
  message: string;
  detail: string;
  action: { title: string; run: () => void } | null;
}

const SECONDS = 6;

export class Toasts {
  #items = $state<Toast[]>([]);
  #next = 1;

  get items(): readonly Toast[] {
    return this.#items;
  }

  done(message: string, action: Toast['action'] = null, seconds = SECONDS): void {
    this.#show({ tone: 'done', message, detail: '', action }, seconds);
  }

  failed(failure: Failure): void {
    const detail = [failure.place, failure.remedy].filter(Boolean).join(' · ');
    this.#show({ tone: 'failed', message: failure.message, detail, action: null }, SECONDS * 2);
  }

  /** Does something, and shows why where it fails. Resolves to whether it was done. */
  async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.failed(failureOf(error));
      return false;
    }
  }

  dismiss(id: number): void {
    this.#items = this.#items.filter((toast) => toast.id !== id);
  }

  #show(toast: Omit<Toast, 'id'>, seconds: number): void {
    const id = this.#next++;
    this.#items = [...this.#items, { id, ...toast }].slice(-4);
    setTimeout(() => this.dismiss(id), seconds * 1000);
  }
}
