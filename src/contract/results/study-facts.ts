/** What a finished study keeps of its datasets. */
import type { CopiesBetween, Dataset } from '../entities.ts';

export interface StudyFacts {
  /** By the name that the study knows. */
  datasets: Record<string, { dataset: Dataset; partedGroups: number }>;
  /** By the names of the dataset held out and of the one that pretraining saw. */
  copies: Record<string, CopiesBetween>;
}
