/** Gathers what a report of a study says. */
import type { Dataset } from '../../contract/entities.ts';
import { downstreamOf } from '../../contract/recipe/recipe.ts';
import {
  findDataset,
  getStudy,
  listModels,
  readIssuePage,
  type ReadableProject,
} from '../../project/index.ts';
import { factsOf } from '../datasets/facts.ts';
import { datasetsOf } from '../recipes/plan.ts';
import { portableRecipe } from '../recipes/portable.ts';
import { recipeToYaml } from '../recipes/text.ts';
import { measuringRuns, studyResult } from '../results/study.ts';
import { PROGRAM_VERSION } from '../../host/version.ts';
import { reportPage } from './page.ts';
import type { ReportedDataset } from './contents.ts';

/** More would fill pages without telling more; their number is told. */
const MOST_ISSUES = 50;

/** One HTML file. */
export function studyReport(project: ReadableProject, studyId: string, now = new Date()): string {
  const { study } = getStudy(project, studyId);
  const facts = factsOf(project, study);
  const { recipe, cautions } = portableRecipe(project, { ...study.recipe, name: study.name }, study.id);
  const tested = downstreamOf(study.recipe);
  const datasets = [...new Set([...tested, ...datasetsOf(study.recipe)])].flatMap(
    (name): ReportedDataset[] => {
      const dataset = facts.dataset(name);
      return dataset
        ? [{ dataset, isTested: tested.includes(name), issues: issuesOf(project, dataset) }]
        : [];
    },
  );
  return reportPage({
    study,
    result: studyResult(project, studyId),
    runs: measuringRuns(project, studyId).map(({ run }) => run),
    datasets,
    models: listModels(project)
      .map(({ model }) => model)
      .filter(({ trainedOn }) => study.runIds.includes(trainedOn.runId)),
    yaml: recipeToYaml(recipe, cautions),
    program: PROGRAM_VERSION,
    writtenAt: now.toISOString(),
  });
}

/** Of the dataset as it is in the project; one that was removed since tells its counts alone. */
function issuesOf(project: ReadableProject, { id, name, issueCounts }: Dataset): ReportedDataset['issues'] {
  const total = issueCounts.leftOut + issueCounts.noted;
  const stored = findDataset(project, name);
  if (total === 0 || stored?.dataset.id !== id) return { total, first: [] };
  return { total, first: readIssuePage(project, stored.key, { offset: 0, limit: MOST_ISSUES }).issues };
}
