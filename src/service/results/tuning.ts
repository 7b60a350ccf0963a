/**
 * Tuning: the same settings are tried for every trained arm, and each arm goes on with its best.
 *
 * Every try is a run of its own, so an interrupted study does nothing twice and tries are reused like any other run.
 * The choice is made once for each arm and label budget (in each fold, where there are some), by the mean validation score over all seeds of the study:
 * with few labels a single seed's validation score says more about the labels drawn than about the setting. Test
 * scores take no part, and those of tries that were not chosen are left out of every result.
 */
import type { Run, Study } from '../../contract/entities.ts';
import { asGain, type MetricName } from '../../contract/results/metric.ts';
import { atEdge, candidatesOf, TUNED_ARMS } from '../../contract/recipe/tuning-plan.ts';
import type { CandidateSettings } from '../../contract/recipe/tuning.ts';
import type { ResultRow, TuningResult } from '../../contract/results/result.ts';
import { spread } from '../../learning/evaluation/intervals/statistics.ts';
import type { StoredRun } from '../../project/index.ts';
import { canonicalJson } from '../recipes/canonical.ts';
import { diverged, foldOf, placeOf, triedBy } from '../recipes/tries.ts';

type Choice = TuningResult['choices'][number];
type Try = Choice['tries'][number];

export interface Tuning {
  result: TuningResult;
  /** Settings of each chosen try, by its run. */
  chosen: ReadonlyMap<string, CandidateSettings>;
}

/** null where the study tunes nothing. Throws an Error (a bug) when the arms were not tried alike. */
export function tuningOf(
  study: Study,
  stored: readonly StoredRun[],
  rowsOf: (run: Run) => readonly ResultRow[],
): Tuning | null {
  const tries = stored.filter((one) => triedBy(one) !== null);
  const { finetune } = study.recipe;
  if (!finetune || tries.length === 0) return null;
  const candidates = candidatesOf(finetune);
  const groups = [...Map.groupBy(tries, placeOf).values()];
  const places = groups.map((own) => inOrder(own, candidates));
  const folds = groups.map(([one]) => foldOf(one!));
  const arms = new Set(finetune.arms.filter((arm) => TUNED_ARMS.includes(arm)));
  const budgets = new Set(finetune.budgets.map((budget) => JSON.stringify(budget)));
  requireEqual(places, arms.size * budgets.size * new Set(folds).size);
  // What was cancelled for one arm counts for none, in any fold: each keeps as many chances as the others.
  const leftOut = new Set(
    places.flatMap((tried) =>
      tried.flatMap((runs, place) => (runs.some(({ status }) => status === 'cancelled') ? [place] : [])),
    ),
  );
  const choices = places.map((tried, at): Choice => {
    const fold = folds[at];
    return { ...choose(tried, candidates, leftOut, rowsOf), ...(fold != null && { fold }) };
  });
  const chosen = choices.flatMap(({ tries: own, chosen: place }) =>
    place === null ? [] : own[place]!.runs!.map((run) => [run, candidates[place]!] as const),
  );
  const triesPerArm = candidates.length - leftOut.size;
  return { result: { candidates, triesPerArm, choices }, chosen: new Map(chosen) };
}

/** The runs of each candidate: one, or one for each of several pretrainings. */
function inOrder(tries: readonly StoredRun[], candidates: readonly CandidateSettings[]): Run[][] {
  const bySettings = Map.groupBy(tries, (one) => canonicalJson(triedBy(one)));
  return candidates.flatMap((settings) => {
    const found = bySettings.get(canonicalJson(settings));
    return found ? [found.map(({ run }) => run)] : [];
  });
}

/** Every trained arm has exactly the same tries at every label budget: checked, not assumed. */
function requireEqual(places: readonly Run[][][], expected: number): void {
  const counts = new Set(places.map((tried) => tried.length));
  if (counts.size === 1 && places.length === expected) return;
  throw new Error(`Bug: arms were not tried alike: ${places.map((tried) => tried.length).join(', ')} tries.`);
}

function choose(
  tried: readonly Run[][],
  candidates: readonly CandidateSettings[],
  leftOut: ReadonlySet<number>,
  rowsOf: (run: Run) => readonly ResultRow[],
): Choice {
  let metric: MetricName | null = null;
  const tries = tried.map((runs, place): Try => {
    const rows = runs.every(({ status }) => status === 'done') ? runs.flatMap(rowsOf) : [];
    metric ??= rows[0]?.metric ?? null;
    const validation = rows.length > 0 ? spread(rows.map((row) => row.validation)) : null;
    const counts = !leftOut.has(place);
    const outcome = !counts ? 'left-out' : runs.some(diverged) ? 'diverged' : validation ? 'lost' : 'open';
    return { run: runs[0]!.id, runs: runs.map(({ id }) => id), validation, outcome };
  });
  const { arm, budget } = tried[0]![0]!;
  const over = tries.every(({ outcome }) => outcome !== 'open');
  const chosen = over ? bestOf(tries, metric) : null;
  if (chosen !== null) tries[chosen] = { ...tries[chosen]!, outcome: 'chosen' };
  const counted = candidates.filter((_, place) => !leftOut.has(place));
  return {
    arm: arm!,
    budget: budget!,
    metric,
    tries,
    chosen,
    atEdge: chosen !== null && atEdge(candidates[chosen]!, counted),
  };
}

/** The place of the best; among equals the one that the recipe names first. */
function bestOf(tries: readonly Try[], metric: MetricName | null): number | null {
  let best: number | null = null;
  let most = -Infinity;
  for (const [place, { validation, outcome }] of tries.entries()) {
    if (outcome !== 'lost' || !validation || !metric) continue;
    const gain = asGain(metric, validation.mean);
    if (gain <= most) continue;
    best = place;
    most = gain;
  }
  return best;
}
