/** How a tournament stands, as the result document tells it: rounds, intervals, and at the end a recommendation. */
import type { Study } from '../../contract/entities.ts';
import type { TournamentResult } from '../../contract/results/result.ts';
import { spread } from '../../learning/evaluation/intervals/statistics.ts';
import { listRunsOf, type ReadableProject } from '../../project/index.ts';
import { ranked } from './halving.ts';
import { isOver } from './rounds.ts';
import { isOut, PACING, tournamentEntry } from './entry.ts';
import { intervalOf, judgeOf, leadOf, standardErrorOf, standingsOf, type Standing } from './standings.ts';
import { measuredCosts } from './costs.ts';

/** Null where the study has none or it has not begun. */
export function tournamentResult(
  project: ReadableProject,
  study: Study,
  { validationSamples, metric }: Pick<TournamentResult, 'validationSamples' | 'metric'>,
): TournamentResult | null {
  const { tournament } = study.recipe;
  const stored = listRunsOf(project, study.id);
  const entered = stored.filter((run) => tournamentEntry(run) !== null);
  if (!tournament || entered.length === 0) return null;
  const judge = judgeOf(tournament);
  const numbers = [...new Set(entered.map((run) => tournamentEntry(run)!.round))].toSorted((a, b) => a - b);
  const rounds = numbers.map((round) => ({
    round,
    standings: ranked(standingsOf(project, entered, round, judge)),
  }));
  const over = isOver(tournament, stored);
  const costs = tournament.equal === 'time' && rounds[0] ? measuredCosts(rounds[0].standings) : null;
  return {
    probe: judge,
    metric,
    validationSamples,
    equal: tournament.equal !== 'time' || costs || numbers.at(-1) === PACING ? tournament.equal : 'epochs',
    rounds: rounds.map(({ round, standings }, i) => ({
      round,
      candidates: standings.map((standing) => {
        const later = rounds[i + 1]?.standings.some(({ name }) => name === standing.name);
        const ended = rounds[i + 1] !== undefined || over;
        return {
          ...rowOf(standing),
          outcome: outcomeOf(standing, { ended, later, over }),
        };
      }),
    })),
    recommendation: over ? recommend(rounds.at(-1)!.standings) : null,
  };
}

function rowOf({ name, runs, pretext, epochs, scores, resamples, probes }: Standing) {
  const found = scores && spread(scores);
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
    standardError: scores && standardErrorOf(scores, resamples),
    interval: scores && intervalOf(scores, resamples),
    probes,
  };
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
  const [first, ...others] = standings;
  if (!first?.scores) return null;
  const [second] = others;
  const ahead = second ? leadOf(first, second) : null;
  const tied = others.filter((other) => {
    const { interval } = leadOf(first, other) ?? {};
    return interval && interval.low <= 0;
  });
  return {
    candidate: first.name,
    task: first.pretext.task,
    learningRate: first.pretext.learningRate,
    batchSize: first.pretext.batchSize,
    runnerUp: ahead ? second!.name : null,
    lead: ahead && ahead.lead,
    interval: ahead && ahead.interval,
    tied: tied.map(({ name }) => name),
    seeds: first.scores.length,
  };
}
