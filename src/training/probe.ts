/** The probe during pretraining: how useful the embedding is by now, on samples that are not trained on. */
import type { DatasetSelection } from '../contract/trainer.ts';
import { knnClasses, knnNumbers } from '../learning/evaluation/knn-probe.ts';
import { classificationScores, regressionScores } from '../learning/evaluation/metrics.ts';
import type { Program } from '../tensor/index.ts';
import { featuresOf } from './features.ts';
import { drawnIndices, labeledIndices } from './selection.ts';

const MOST_BANK_SAMPLES = 2000;
const MOST_QUERY_SAMPLES = 1000;

/** Curve values by name; empty where there is nothing to probe with. */
export type Probe = () => Promise<Record<string, number>>;

/**
 * kNN on frozen features: labeled training samples answer for labeled validation samples. `knnAccuracy` is
 * balanced accuracy (R² for numbers). Test samples are never touched here.
 */
export function createProbe(program: Program, dataset: DatasetSelection): Probe | null {
  const bank = drawnIndices(labeledIndices(dataset, 'train'), MOST_BANK_SAMPLES, 'probe-bank');
  const queries = drawnIndices(labeledIndices(dataset, 'validation'), MOST_QUERY_SAMPLES, 'probe-queries');
  if (bank.length === 0 || queries.length === 0) return null;
  return async () => {
    const known = await featuresOf(program, dataset, bank);
    const asked = await featuresOf(program, dataset, queries);
    return { knnAccuracy: knnScore(dataset, { bank, known, queries, asked }) };
  };
}

function knnScore(
  dataset: DatasetSelection,
  {
    bank,
    known,
    queries,
    asked,
  }: {
    bank: Int32Array;
    known: Awaited<ReturnType<typeof featuresOf>>;
    queries: Int32Array;
    asked: Awaited<ReturnType<typeof featuresOf>>;
  },
): number {
  if (dataset.classIds.length === 0) {
    const targets = Float64Array.from(bank, (index) => dataset.numbers[index]!);
    const answers = knnNumbers({ features: known, targets }, asked);
    return regressionScores(
      Float64Array.from(queries, (index) => dataset.numbers[index]!),
      answers,
    ).r2;
  }
  const classIds = bank.map((index) => dataset.classIds[index]!);
  const answers = knnClasses({ features: known, classIds }, asked, dataset.classNames.length);
  const targets = queries.map((index) => dataset.classIds[index]!);
  return classificationScores(targets, answers, dataset.classNames.length).balancedAccuracy;
}
