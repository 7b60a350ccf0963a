/** The pretext tasks as a list to choose from: the advisor's choice first, then by kind, what does not fit last. */
import type { Advice, TaskFamily } from '../../../src/contract/advice.ts';
import type { PretextTaskDescription } from '../../../src/contract/catalogue.ts';

export const FAMILY_TITLES: Record<TaskFamily, string> = {
  contrastive: 'Contrastive',
  joint: 'Joint embedding',
  predictive: 'Predictive',
  generative: 'Generative',
  supervised: 'With labels',
};
const KINDS = Object.keys(FAMILY_TITLES) as TaskFamily[];

export interface TaskOption {
  value: string;
  title: string;
  note?: string;
  group: string;
  impossible?: string;
}

/** The first sentence says what a task does; the whole text stands on the page once it is chosen. */
const firstSentence = (text: string) => /^.*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;

export function taskOptions(tasks: readonly PretextTaskDescription[], advice: Advice | null): TaskOption[] {
  const adviceOn = (id: string) => advice?.tasks.find(({ task }) => task === id);
  const place = (id: string) => advice?.start.indexOf(id) ?? -1;
  const options = tasks.map(({ id, title, summary }) => {
    const { family = null, impossible = null, reasons = [] } = adviceOn(id) ?? {};
    const chosen = place(id) >= 0;
    // Why it was chosen says more about it here than what it does.
    const note =
      chosen && reasons.length > 0 ? `${firstSentence(summary)} ${reasons[0]}` : firstSentence(summary);
    const rank = impossible !== null ? 100 : chosen ? place(id) - 50 : family ? KINDS.indexOf(family) : 50;
    const group =
      impossible !== null
        ? 'Does not fit'
        : chosen
          ? 'The advisor’s choice'
          : family
            ? FAMILY_TITLES[family]
            : 'Others';
    return { rank, option: { value: id, title, note, group, ...(impossible !== null && { impossible }) } };
  });
  return options.sort((a, b) => a.rank - b.rank).map(({ option }) => option);
}
