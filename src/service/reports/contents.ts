/** What a report is written from. */
import type { Dataset, ImportIssue, Run, Study } from '../../contract/entities.ts';
import type { Model } from '../../contract/model/model.ts';
import type { StudyResult } from '../../contract/results/result.ts';

export interface ReportedDataset {
  dataset: Dataset;
  /** What the report is about, one or several; the others were only pretrained on. */
  isTested: boolean;
  /** The first of all issues, and how many there are. */
  issues: { total: number; first: readonly ImportIssue[] };
}

export interface ReportContents {
  study: Study;
  result: StudyResult;
  runs: readonly Run[];
  datasets: readonly ReportedDataset[];
  /** That its runs have kept, or that were made of what they found; the latest first. */
  models: readonly Model[];
  yaml: string;
  /** Version of the program that writes the report. */
  program: string;
  writtenAt: string;
}
