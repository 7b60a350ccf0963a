/** The rows of a result as CSV (RFC 4180), one for every arm, budget and seed: for spreadsheets and statistics programs. */
import { csvLine } from '../csv.ts';
import type { ResultRow, StudyResult } from './result.ts';

const COLUMNS = [
  'arm',
  'dataset',
  'labels',
  'labelsPerClass',
  'pretraining',
  'seed',
  'metric',
  'test',
  'validation',
  'train',
  'fold',
] as const satisfies readonly (keyof ResultRow)[];

export function resultCsv({ results }: Pick<StudyResult, 'results'>): string {
  return [COLUMNS, ...results.map((row) => COLUMNS.map((column) => row[column]))].map(csvLine).join('');
}
