import { describe, expect, it } from 'vitest';
import {
  isClear,
  reasonSentences,
  recommendationSentence,
} from '../../../../src/contract/results/tournament-words.ts';
import type { TournamentResult } from '../../../../src/contract/results/result.ts';

type Candidate = TournamentResult['rounds'][number]['candidates'][number];
const candidate = (name: string, score: number, seconds: number): Candidate => ({
  candidate: name,
  task: name,
  options: {},
  learningRate: 0.001,
  batchSize: 64,
  epochs: 4,
  runs: [name],
  seconds,
  score,
  standardError: 0.02,
  outcome: 'finalist',
});
const result = (more: Partial<NonNullable<TournamentResult['recommendation']>>): TournamentResult => ({
  probe: 'linear',
  validationSamples: 524,
  equal: 'time',
  rounds: [
    {
      round: 1,
      candidates: [candidate('byol', 0.82, 20), candidate('rotation', 0.81, 5), candidate('jigsaw', 0.7, 5)],
    },
  ],
  recommendation: {
    candidate: 'byol',
    task: 'byol',
    learningRate: 0.001,
    batchSize: 64,
    runnerUp: 'rotation',
    lead: 0.01,
    interval: { low: -0.02, high: 0.04 },
    tied: ['rotation'],
    seeds: 1,
    ...more,
  },
});

describe('the recommendation of a tournament', () => {
  it('names probe, samples, lead and interval, and says when they cannot be told apart', () => {
    expect(recommendationSentence(result({}))).toBe(
      'byol is recommended: 82.0 % by linear probe on 524 validation samples, 1.0 points ahead of rotation, 95 % interval −2.0 to 4.0: too close to tell apart.',
    );
    const clear = recommendationSentence(result({ interval: { low: 0.002, high: 0.02 } }));
    expect(clear).toMatch(/interval 0\.2 to 2\.0\.$/);
  });

  it('gives the numbers of a metric that is no share as they are', () => {
    const numbers: TournamentResult = { ...result({ lead: 0.0123 }), metric: 'r2' };
    expect(recommendationSentence(numbers)).toBe(
      'byol is recommended: R² 0.820 by linear probe on 524 validation samples, 0.012 ahead of rotation, 95 % interval −0.020 to 0.040: too close to tell apart.',
    );
  });

  it('is not clear where nobody knows how far the scores may be off', () => {
    const known = result({ interval: null, lead: 0.1 });
    expect(isClear(known)).toBe(true);
    const [round] = known.rounds;
    const candidates = round!.candidates.map((one) => ({ ...one, standardError: null }));
    expect(isClear({ ...known, rounds: [{ ...round!, candidates }] })).toBe(false);
  });

  it('gives the reason: whom it beats, who may be as good, who is the quickest of these, what was not measured', () => {
    expect(reasonSentences(result({}))).toEqual([
      'It has the highest score of the last round: clearly ahead of 1 other, not clearly ahead of rotation.',
      'Where they cannot be told apart, choose what suits you otherwise: rotation sees the most samples a second.',
      expect.stringMatching(/^Intervals are over validation samples only: with one seed/),
    ]);
    expect(reasonSentences(result({ tied: [], seeds: 3 }))).toEqual([
      'It has the highest score of the last round: clearly ahead of 2 others.',
      'Intervals are over validation samples and 3 seeds.',
    ]);
    expect(reasonSentences({ ...result({}), recommendation: null })).toEqual([]);
  });
});
