/** A result of several datasets, dataset by dataset: charts, tables and sentences are of one. */
import type { StudyResult, SummaryRow, TestedDataset } from './result.ts';

/** The datasets that a study has results on, in its order. */
export const testedNames = ({ summary }: Pick<StudyResult, 'summary'>): string[] => [
  ...new Set(summary.map(({ dataset }) => dataset)),
];

/** What a dataset is told by beside its scores: its own split, weights, and what labels are worth on it. */
function toldOf(result: StudyResult, dataset: string): Omit<TestedDataset, 'dataset'> {
  const found = result.datasets?.find((one) => one.dataset === dataset);
  const { split, weightedBy, labelEfficiency } = found ?? result;
  return {
    split,
    ...(weightedBy !== undefined && { weightedBy }),
    ...(labelEfficiency && { labelEfficiency }),
  };
}

/** The result as it would be of that dataset alone; all else, such as cautions and time, is of the whole study. */
export function resultOn(result: StudyResult, dataset: string): StudyResult {
  const { weightedBy: _weights, labelEfficiency: _worth, ...rest } = result;
  return {
    ...rest,
    ...toldOf(result, dataset),
    results: result.results.filter((row) => row.dataset === dataset),
    summary: result.summary.filter((row) => row.dataset === dataset),
  };
}

/** One for each dataset. */
export const resultsByDataset = (result: StudyResult): StudyResult[] => {
  const names = testedNames(result);
  return names.length > 1 ? names.map((name) => resultOn(result, name)) : [result];
};

/** "gestures, " before what is said of one of several datasets; nothing where there is one. */
export const datasetMark = (
  result: Pick<StudyResult, 'summary'>,
  { dataset }: Pick<SummaryRow, 'dataset'>,
): string => (testedNames(result).length > 1 ? `${dataset}, ` : '');
