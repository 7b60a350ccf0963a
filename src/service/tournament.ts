/**
 * Tournaments: pretext tasks compete in rounds on the user's own data before the study's pretraining.
 *
 * Every candidate of a round is a pretext run of its own. When the last of a round has ended, the runs of the
 * next are added in the same transaction, and after the last round those of the study itself with the winner as
 * its task. So the runs are the plan: whatever is killed, nothing that was finished is done again.
 *
 * A candidate begins every round anew. To continue the checkpoint of the round before would continue a schedule
 * whose learning rate had already fallen to zero, and would compare tasks by how well they bear that; and a
 * round's own schedule, ended in full, is what a run of that length gives. As every round costs alike, that
 * costs half of what continuing would.
 */
import type { Run, Study } from '../contract/entities.ts';
import { pretextSchema, type PretextConfig, type Recipe } from '../contract/recipe.ts';
import type { TournamentResult } from '../contract/result.ts';
import { pairedDifference, spread } from '../learning/evaluation/statistics.ts';
import {
  getStudy,
  listRunsOf,
  readMetrics,
  type ReadableProject,
  type StoredRun,
  type WritableProject,
} from '../project/index.ts';
import { adviceFor } from './advice.ts';
import { epochsOfRound, mean, ranked, survivors, type Scored } from './halving.ts';
import { insertRuns } from './insert-runs.ts';
import { planRuns, type PlannedRun } from './plan.ts';
import { entrySchema, isOut, tournamentEntry, type Entry } from './tournament-entry.ts';

/** The round before the first, in which one epoch of each measures what an epoch costs. */
const PACING = 0;
const FEWEST_BOUND_SEEDS = 2;

interface Candidate {
  name: string;
  pretext: PretextConfig;
}

/** A candidate with its runs of one round. */
interface Standing extends Scored {
  runs: Run[];
  pretext: PretextConfig;
}

/** Adds what comes next once a round has ended. Returns the ids of new runs. */
export function continueTournament(project: WritableProject, studyId: string): string[] {
  const { study } = getStudy(project, studyId);
  const { tournament } = study.recipe;
  if (!tournament || study.status === 'cancelled') return [];
  const stored = listRunsOf(project, studyId);
  const entered = stored.filter((run) => tournamentEntry(run) !== null);
  if (entered.length < stored.length) return [];
  const first = tournament.equal === 'time' ? PACING : 1;
  if (stored.length === 0) return addRound(project, study, first, candidatesOf(project, study.recipe), null);

  const round = Math.max(...entered.map((run) => tournamentEntry(run)!.round));
  const standings = standingsOf(project, entered, round);
  const runs = standings.flatMap((standing) => standing.runs);
  if (runs.some(({ status }) => !['done', 'failed', 'cancelled'].includes(status))) return [];
  const sound = standings.filter(({ scores }) => scores !== null);
  if (sound.length === 0) return [];
  if (round === tournament.rounds) return addStudy(project, study, ranked(sound)[0]!.pretext);
  const next = round === PACING ? sound : survivors(sound, tournament.keep);
  const costs = tournament.equal === 'time' ? costsOf(standingsOf(project, entered, PACING)) : null;
  return addRound(project, study, round + 1, next, costs);
}

/** Tasks with their settings for this data: what a task proposes, unless the recipe names it. */
export function candidatesOf(project: ReadableProject, recipe: Recipe): Candidate[] {
  const { tasks, most, learningRates } = recipe.tournament!;
  const advice = adviceFor(project, recipe.data, { encoder: recipe.encoder.family, most });
  const base = recipe.pretext ?? pretextSchema.parse({});
  const entries = tasks === 'auto' ? advice.start : tasks;
  return entries.flatMap((entry) => {
    const { task, options = {}, ...given } = typeof entry === 'string' ? { task: entry } : entry;
    const proposed = advice.tasks.find((one) => one.task === task)?.training ?? {};
    const { epochs: _epochs, ...training } = proposed;
    const own = task === base.task ? base.options : {};
    const pretext = { ...base, ...training, ...given, task, options: { ...own, ...options } };
    return learningRates.map((factor) => ({
      name: factor === 1 ? task : `${task}, learning rate × ${factor}`,
      pretext: { ...pretext, learningRate: Number((pretext.learningRate * factor).toPrecision(6)) },
    }));
  });
}

function addRound(
  project: WritableProject,
  { id, recipe }: Study,
  round: number,
  candidates: readonly Candidate[],
  costs: ReadonlyMap<string, number> | null,
): string[] {
  const tournament = recipe.tournament!;
  const epochsFor = epochsOfRound(tournament, Math.max(1, round), costs);
  const planned = candidates.flatMap(({ name, pretext }) => {
    const epochs = round === PACING ? 1 : epochsFor(name);
    return Array.from({ length: tournament.seeds }, (_, index): PlannedRun => {
      const seed = (recipe.pretext?.seed ?? pretext.seed) + index;
      const entry: Entry = { round, candidate: name, seed, of: pretext };
      const config = forRound(pretext, epochs, seed);
      const [plan] = planRuns({ ...recipe, pretext: config, finetune: undefined });
      return { ...plan!, config: { ...plan!.config, tournament: entrySchema.parse(entry) } };
    });
  });
  return insertRuns(project, id, planned);
}

/** The settings of a candidate for so many epochs: the warm-up is a quarter at most, the probe comes at the end. */
function forRound(pretext: PretextConfig, epochs: number, seed: number): PretextConfig {
  const warmupEpochs = Math.min(pretext.warmupEpochs, epochs / 4);
  return { ...pretext, epochs, seed, warmupEpochs, probeEveryEpochs: Math.min(1000, epochs) };
}

/** The study itself, with the winner as its pretext task. */
function addStudy(project: WritableProject, { id, recipe }: Study, winner: PretextConfig): string[] {
  return insertRuns(project, id, planRuns({ ...recipe, pretext: winner }));
}

function standingsOf(project: ReadableProject, entered: readonly StoredRun[], round: number): Standing[] {
  const ofRound = entered.filter((run) => tournamentEntry(run)!.round === round);
  const byName = Map.groupBy(ofRound, (run) => tournamentEntry(run)!.candidate);
  return [...byName].map(([name, stored]) => {
    const scores = stored.map(({ run }) => scoreOf(project, run));
    return {
      name,
      runs: stored.map(({ run }) => run),
      pretext: tournamentEntry(stored[0]!)!.of,
      scores: scores.some((score) => score === null) ? null : (scores as number[]),
    };
  });
}

/** The kNN probe on validation samples at the end of the run; null where it did not get there. */
function scoreOf(project: ReadableProject, { id, status }: Run): number | null {
  if (status !== 'done') return null;
  const last = readMetrics(project, id).findLast(({ values }) => values['knnAccuracy'] !== undefined);
  return last?.values['knnAccuracy'] ?? null;
}

/** Milliseconds of an epoch without its probe; nothing where one of them could not be measured. */
function costsOf(standings: readonly Standing[]): Map<string, number> | null {
  const costs = standings
    .filter(({ scores }) => scores !== null)
    .map(({ name, runs }) => [name, mean(runs.map(millisecondsOfEpoch))] as const);
  return costs.every(([, cost]) => Number.isFinite(cost) && cost > 0) ? new Map(costs) : null;
}

function millisecondsOfEpoch({ environment, progress }: Run): number {
  const step = environment?.['stepMilliseconds'];
  return typeof step === 'number' && progress ? (step * progress.steps) / progress.epochs : NaN;
}

/** How the tournament stands; null where the study has none or it has not begun. */
export function tournamentResult(
  project: ReadableProject,
  study: Study,
  validationSamples: number,
): TournamentResult | null {
  const { tournament } = study.recipe;
  const stored = listRunsOf(project, study.id);
  const entered = stored.filter((run) => tournamentEntry(run) !== null);
  if (!tournament || entered.length === 0) return null;
  const numbers = [...new Set(entered.map((run) => tournamentEntry(run)!.round))].toSorted((a, b) => a - b);
  const rounds = numbers.map((round) => ({ round, standings: ranked(standingsOf(project, entered, round)) }));
  const over = stored.length > entered.length;
  const costs = tournament.equal === 'time' && rounds[0] ? costsOf(rounds[0].standings) : null;
  return {
    probe: 'knn',
    validationSamples,
    equal: costs || numbers.at(-1) === PACING ? tournament.equal : 'epochs',
    rounds: rounds.map(({ round, standings }, i) => ({
      round,
      candidates: standings.map((standing) => {
        const later = rounds[i + 1]?.standings.some(({ name }) => name === standing.name);
        const ended = rounds[i + 1] !== undefined || over;
        return {
          ...rowOf(standing, validationSamples),
          outcome: outcomeOf(standing, { ended, later, over }),
        };
      }),
    })),
    recommendation: over ? recommend(rounds.at(-1)!.standings) : null,
  };
}

function rowOf({ name, runs, pretext, scores }: Standing, validationSamples: number) {
  const found = scores && spread(scores);
  const { epochs = pretext.epochs } = runs[0]?.progress ?? {};
  return {
    candidate: name,
    task: pretext.task,
    options: pretext.options,
    learningRate: pretext.learningRate,
    batchSize: pretext.batchSize,
    epochs,
    runs: runs.map(({ id }) => id),
    seconds: runs.reduce((sum, { seconds }) => sum + seconds, 0),
    score: found && found.mean,
    /** From the seeds where there are several, and never less than that of so many validation samples. */
    standardError: found && standardError(found, validationSamples),
  };
}

function standardError({ mean: score, sd, n }: ReturnType<typeof spread>, samples: number): number {
  const ofSamples = Math.sqrt(Math.max(0, score * (1 - score)) / Math.max(1, samples));
  return n < FEWEST_BOUND_SEEDS ? ofSamples : Math.max(ofSamples, sd / Math.sqrt(n));
}

function outcomeOf(
  { runs, scores }: Standing,
  { ended, later, over }: { ended: boolean; later: boolean | undefined; over: boolean },
): TournamentResult['rounds'][number]['candidates'][number]['outcome'] {
  if (runs.some(isOut)) return 'failed';
  if (!ended || scores === null) return 'open';
  if (later === undefined && over) return 'finalist';
  return later ? 'kept' : 'dropped';
}

function recommend(standings: readonly Standing[]): TournamentResult['recommendation'] {
  const [first, second] = standings;
  if (!first?.scores) return null;
  const difference =
    second?.scores && second.scores.length === first.scores.length
      ? pairedDifference(first.scores, second.scores)
      : null;
  return {
    candidate: first.name,
    task: first.pretext.task,
    learningRate: first.pretext.learningRate,
    batchSize: first.pretext.batchSize,
    runnerUp: second?.scores ? second.name : null,
    lead: second?.scores ? mean(first.scores) - mean(second.scores) : null,
    interval: difference && { low: difference.low, high: difference.high },
  };
}
