/** How the candidates of a tournament stand: their runs of a round, what probes say of them, and how surely. */
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import type { Run } from '../../contract/entities.ts';
import { PROBE_CURVES, type ProbeKind } from '../../contract/recipe/probe.ts';
import type { PretextConfig } from '../../contract/recipe/recipe.ts';
import { isPretextConfig } from '../../contract/recipe/run-config.ts';
import type { TournamentConfig } from '../../contract/recipe/tournament.ts';
import { spread } from '../../learning/evaluation/intervals/statistics.ts';
import { readMetrics, readProbes, type ReadableProject, type StoredRun } from '../../project/index.ts';
import { mean, type Scored } from './halving.ts';
import { tournamentEntry } from './entry.ts';

/** A candidate with its runs of one round, one a seed. */
export interface Standing extends Scored {
  runs: Run[];
  pretext: PretextConfig;
  /** Of its runs of the round. */
  epochs: number;
  /** Means over seeds of all probes that were asked. */
  probes: Partial<Record<ProbeKind, number>>;
  /** By seed, scores on resamples of the validation samples; null where a run kept none. */
  resamples: number[][] | null;
}

/** Studies of versions that could only ask the neighbours say nothing of it. */
export const judgeOf = (tournament: TournamentConfig): ProbeKind =>
  (tournament as Partial<TournamentConfig>).probe ?? 'knn';

export function standingsOf(
  project: ReadableProject,
  entered: readonly StoredRun[],
  round: number,
  judge: ProbeKind,
): Standing[] {
  const ofRound = entered.filter((run) => tournamentEntry(run)!.round === round);
  const byName = Map.groupBy(ofRound, (run) => tournamentEntry(run)!.candidate);
  return [...byName].map(([name, stored]) => {
    const runs = stored.map(({ run }) => run);
    const found = runs.map((run) => probesOf(project, run));
    return {
      name,
      runs,
      pretext: tournamentEntry(stored[0]!)!.of,
      epochs: epochsOf(stored[0]!),
      scores: allOf(found.map((probes) => probes[judge])),
      probes: meansOf(found),
      resamples: allOf(runs.map(({ id }) => readProbes(project, id)[judge])),
    };
  });
}

const epochsOf = ({ config }: StoredRun) => (isPretextConfig(config) ? config.pretext.epochs : 0);

const KINDS = Object.keys(PROBE_CURVES) as ProbeKind[];

/** What the probes said at the end of the run; nothing where it did not get there. */
function probesOf(project: ReadableProject, { id, status }: Run): Partial<Record<ProbeKind, number>> {
  if (status !== 'done') return {};
  const points = readMetrics(project, id);
  const last = (name: string) => points.findLast(({ values }) => values[name] !== undefined)?.values[name];
  return Object.fromEntries(KINDS.map((kind) => [kind, last(PROBE_CURVES[kind])]));
}

function meansOf(found: readonly Partial<Record<ProbeKind, number>>[]): Standing['probes'] {
  const known = KINDS.map((kind) => [kind, allOf(found.map((probes) => probes[kind]))] as const);
  return Object.fromEntries(known.flatMap(([kind, scores]) => (scores ? [[kind, mean(scores)]] : [])));
}

/** All values, or null where one is missing. */
function allOf<Value>(values: readonly (Value | undefined)[]): Value[] | null {
  return values.every((value) => value !== undefined) ? (values as Value[]) : null;
}

export interface Interval {
  low: number;
  high: number;
}

const CONFIDENCE = 0.95;
const NORMAL_QUANTILE = 1.96;

/**
 * 95 % interval of a mean score, or of the mean difference of two (paired by seed and by resample).
 *
 * Two things make it unsure: which validation samples there happen to be (the spread over resamples of the mean over
 * seeds), and how training happened to go (the spread over seeds, by Student's t). Their variances add up. With one
 * seed only the first is known. Null where neither is.
 */
export function intervalOf(
  scores: readonly number[],
  resamples: readonly number[][] | null,
): Interval | null {
  const { mean: middle, sd, n } = spread(scores);
  const ofSamples = resamples && NORMAL_QUANTILE * spread(meanOfSeeds(resamples)).sd;
  const ofSeeds = n > 1 ? (tQuantile(0.5 + CONFIDENCE / 2, n - 1) * sd) / Math.sqrt(n) : null;
  if (ofSamples === null && ofSeeds === null) return null;
  const half = Math.hypot(ofSamples ?? 0, ofSeeds ?? 0);
  return { low: middle - half, high: middle + half };
}

const meanOfSeeds = (resamples: readonly number[][]) =>
  resamples[0]!.map((_, i) => mean(resamples.map((scores) => scores[i]!)));

/**
 * How far a mean score may be off, for one candidate by itself: never less than validation samples alone make it, nor
 * than seeds do. Null where a run kept no resamples, so that the one is not known, and there is one seed, so that
 * neither is the other.
 */
export function standardErrorOf(
  scores: readonly number[],
  resamples: readonly number[][] | null,
): number | null {
  const { sd, n } = spread(scores);
  const ofSamples = resamples && spread(meanOfSeeds(resamples)).sd;
  const ofSeeds = n > 1 ? sd / Math.sqrt(n) : null;
  return ofSamples === null && ofSeeds === null ? null : Math.max(ofSamples ?? 0, ofSeeds ?? 0);
}

/** How far the first is ahead of the second; null where one has no score, or other seeds or resamples. */
export function leadOf(
  first: Standing,
  second: Standing,
): { lead: number; interval: Interval | null } | null {
  if (!first.scores || !second.scores) return null;
  const lead = mean(first.scores) - mean(second.scores);
  if (first.scores.length !== second.scores.length) return { lead, interval: null };
  const scores = first.scores.map((score, seed) => score - second.scores![seed]!);
  const [one, other] = [first.resamples, second.resamples];
  const alike = one && other && one.every((list, seed) => list.length === other[seed]!.length);
  const resamples = alike ? one.map((list, seed) => list.map((score, i) => score - other[seed]![i]!)) : null;
  return { lead, interval: intervalOf(scores, resamples) };
}
