/** The one number of a run or a study, in words. */
import type { MetricPoint, Run, Study } from '../../../src/contract/entities.ts';
import type { StudyResult } from '../../../src/contract/results/result.ts';
import { sameBudget } from '../forms/finetune-plan.ts';
import { testedNames } from '../../../src/contract/results/tested.ts';
import { differenceWords } from '../../../src/contract/results/answer.ts';
import { formatScore } from '../words/format.ts';

function finetuneScore(run: Run, result: StudyResult | undefined): string | null {
  if (!result || run.arm === null) return null;
  // Where a run has heads for several datasets, by the first: the others stand on its page.
  const row = result.summary.find(
    (one) => one.dataset === run.datasets[0] && sameBudget(run.budget, one.budget),
  );
  const summary = row?.arms[run.arm];
  if (!row || !summary) return null;
  const of = testedNames(result).length > 1 ? ` on ${row.dataset}` : ' test';
  return `${formatScore(row.metric, summary.mean)}${of}`;
}

/** The last probe of a pretext run, or its last loss. */
function pretextScore(curve: readonly MetricPoint[]): string | null {
  const probe = curve.findLast((point) => point.values.knnAccuracy !== undefined)?.values.knnAccuracy;
  if (probe !== undefined) return `${(probe * 100).toFixed(1)} % kNN`;
  const loss = curve.at(-1)?.values.loss;
  return loss === undefined ? null : `loss ${loss.toFixed(2)}`;
}

export function runScores(
  runs: readonly Run[],
  studies: readonly Study[],
  result: (studyId: string) => StudyResult | undefined,
  curve: (runId: string) => readonly MetricPoint[],
): Map<string, string> {
  const known = new Set(studies.map((study) => study.id));
  const scores = new Map<string, string>();
  for (const run of runs) {
    if (!known.has(run.studyId)) continue;
    const score =
      run.kind === 'pretext' ? pretextScore(curve(run.id)) : finetuneScore(run, result(run.studyId));
    if (score) scores.set(run.id, score);
  }
  return scores;
}

/** "+3.2 points" at the first label budget, of the first dataset that is tested. */
export function studyAnswers(
  studies: readonly Study[],
  result: (studyId: string) => StudyResult | undefined,
): Map<string, string> {
  const answers = new Map<string, string>();
  for (const study of studies) {
    const found = result(study.id);
    const row = found?.summary[0];
    if (!found || !row?.difference) continue;
    const { mean } = row.difference;
    const of = testedNames(found).length > 1 ? ` on ${row.dataset}` : '';
    answers.set(study.id, `${mean < 0 ? '−' : '+'}${differenceWords(row, mean)}${of}`);
  }
  return answers;
}
