/** The test samples behind a number of a study, worst first, loaded page by page as they come into view. */
import { SvelteMap } from 'svelte/reactivity';
import type { Sample } from '../../../src/contract/entities.ts';
import { ANSWERS_HEAD, answerLine } from '../../../src/contract/results/answers-csv.ts';
import type { Failure } from '../../../src/contract/errors.ts';
import type {
  AnswersWish,
  SampleAnswer,
  SampleAnswers,
} from '../../../src/contract/results/sample-answers.ts';
import { failureOf, type ProjectClient } from '../../api/project.ts';
import type { SampleSource } from './samples.svelte.ts';

export type AnswersFilter = Omit<AnswersWish, 'offset' | 'limit'>;
type About = Omit<SampleAnswers, 'answers'>;

const PAGE = 250;

export class AnswerStore implements SampleSource {
  #client: ProjectClient;
  #filter: AnswersFilter;
  #pages = new SvelteMap<number, SampleAnswer[]>();
  #asked = new Set<number>();
  #about = $state.raw<About | null>(null);
  #failure = $state.raw<Failure | null>(null);

  constructor(client: ProjectClient, filter: AnswersFilter) {
    this.#client = client;
    this.#filter = filter;
    this.want(0, 0);
  }

  /** What they are of; null until the first page is there. */
  get about(): About | null {
    return this.#about;
  }
  get total(): number | null {
    return this.#about?.total ?? null;
  }
  get failure(): Failure | null {
    return this.#failure;
  }

  answerAt(position: number): SampleAnswer | undefined {
    return this.#pages.get(Math.floor(position / PAGE))?.[position % PAGE];
  }
  at(position: number): Sample | undefined {
    return this.answerAt(position)?.sample ?? undefined;
  }

  want(first: number, last: number): void {
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++)
      if (!this.#asked.has(page)) void this.#load(page);
  }

  refresh(): void {
    for (const page of this.#asked) void this.#load(page);
  }

  /** All of them as CSV, page by page. */
  async csv(): Promise<string> {
    const parts = [ANSWERS_HEAD];
    for (let offset = 0, total = 1; offset < total; offset += PAGE) {
      const page = await this.#client.study.answers({ ...this.#filter, offset, limit: PAGE });
      total = page.total;
      parts.push(...page.answers.map(answerLine));
    }
    return parts.join('');
  }

  async #load(page: number): Promise<void> {
    this.#asked.add(page);
    try {
      const { answers, ...about } = await this.#client.study.answers({
        ...this.#filter,
        offset: page * PAGE,
        limit: PAGE,
      });
      this.#pages.set(page, answers);
      this.#about = about;
      this.#failure = null;
    } catch (error) {
      // It is wanted again when it comes into view again.
      this.#asked.delete(page);
      this.#failure = failureOf(error);
    }
  }
}
