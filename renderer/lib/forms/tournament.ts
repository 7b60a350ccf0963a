/** From what a person set in the tournament form to its recipe, and its plan in words. */
import type { Advice } from '../../../src/contract/advice.ts';
import type { TournamentPlan } from '../../../src/contract/recipe/tournament.ts';
import type { PretextDraft, TournamentDraft } from './drafts.ts';
import { formatCounted, formatDuration, formatNumber } from '../words/format.ts';
import { tournamentRecipe, type RecipeReading } from './recipes.ts';

/** Ticked tasks that fit, in the order of the advice. */
export function candidateTasks({ tasks }: TournamentDraft, advice: Advice): string[] {
  const chosen = tasks ?? advice.start;
  return advice.tasks.flatMap(({ task, impossible }) =>
    impossible === null && chosen.includes(task) ? [task] : [],
  );
}

/** The recipe of the form; a largest batch, where one was asked for, holds for every candidate. */
export function recipeOfForm(draft: PretextDraft, wishes: TournamentDraft, advice: Advice): RecipeReading {
  const tasks = candidateTasks(wishes, advice).map((task) => {
    const proposed = advice.tasks.find((one) => one.task === task)?.training.batchSize;
    return wishes.batchSize && proposed ? { task, batchSize: proposed } : task;
  });
  const name = `Pretext tasks on ${draft.datasets.join(' + ')}`.slice(0, 80);
  return tournamentRecipe(draft, tasks, wishes.values, name);
}

/** "8 candidates: 4 tasks at 2 learning rates each". */
export function candidatesWords({ candidates }: TournamentPlan): string {
  const tasks = new Set(candidates.map(({ task }) => task)).size;
  const rates = candidates.length / tasks;
  const count = formatCounted(candidates.length, 'candidate');
  return rates === 1 ? count : `${count}: ${formatCounted(tasks, 'task')} at ${rates} learning rates each`;
}

/** "2 to 9 epochs each", "4 epochs each". */
export function epochsWords({ least, most }: TournamentPlan['rounds'][number]['epochs']): string {
  const range = least === most ? formatNumber(least) : `${formatNumber(least)} to ${formatNumber(most)}`;
  return `${range} ${most === 1 ? 'epoch' : 'epochs'} each`;
}

/** A guess should not pretend to seconds. */
function roughDuration(seconds: number): string {
  if (seconds < 90) return `${Math.max(10, Math.round(seconds / 10) * 10)} s`;
  return formatDuration(Math.round(seconds / 60) * 60);
}

/** "About 12 min": measured on this data, or only a rule of thumb. */
export function planTimeWords({ seconds, measured }: TournamentPlan): string {
  return measured
    ? `About ${roughDuration(seconds)}, as earlier runs on this data took.`
    : `About ${roughDuration(seconds)}, by a rule of thumb: nothing has run on this data yet, so it may be a third or three times as much.`;
}
