/** Which runs a model that is made follows, and what they found. */
import type { Run } from '../../contract/entities.ts';
import { PretextError } from '../../contract/errors.ts';
import type { Followed } from '../../contract/model/making.ts';
import { asGain, type MetricName } from '../../contract/results/metric.ts';
import type { ResultRow } from '../../contract/results/result.ts';
import { finetuneDatasetOf } from '../../contract/recipe/recipe.ts';
import { TUNED_ARMS } from '../../contract/recipe/tuning-plan.ts';
import { spread } from '../../learning/evaluation/intervals/statistics.ts';
import {
  findRun,
  getStudy,
  listModelsOfRun,
  listStudies,
  type ReadableProject,
} from '../../project/index.ts';
import { factsOf } from '../datasets/facts.ts';
import { isMaking } from '../recipes/tries.ts';
import { measuredRuns, type RunResults } from '../results/study.ts';

/** Runs of one arm at one label budget: one, or one for each of several pretrainings; the best first. */
export interface Group {
  runs: [Run, ...Run[]];
  rows: ResultRow[];
  metric: MetricName;
}

/**
 * @param of id or name of a run, which is meant with those of its arm and budget; or of a study, whose best arm by
 *   validation scores is meant, at the largest budget
 */
export function groupNamed(project: ReadableProject, of: string): Group {
  const stored = findRun(project, of);
  if (stored && (stored.run.kind !== 'finetune' || isMaking(stored))) throw noTrainedArm(of);
  const studyId = stored?.run.studyId ?? studyNamed(project, of);
  const groups = groupsOf(project, studyId);
  if (!stored) return best(groups, of);
  const found = groups.find(({ runs }) => runs.some(({ id }) => id === stored.run.id));
  if (found) return found;
  throw TUNED_ARMS.includes(stored.run.arm!) ? notMeasured(stored.run) : noTrainedArm(of);
}

/** Trained arms whose runs are all done; of settings that were tried, those that were chosen. */
function groupsOf(project: ReadableProject, studyId: string): Group[] {
  const measured = measuredRuns(project, studyId).filter(
    ({ run, rows }) => TUNED_ARMS.includes(run.arm!) && rows.length > 0,
  );
  const byPlace = Map.groupBy(measured, ({ run }) => JSON.stringify([run.arm, run.budget]));
  return [...byPlace.values()]
    .filter((found) => found.every(({ run }) => run.status === 'done'))
    .map((found) => {
      const [first, ...others] = found.toSorted((a, b) => gainOf(b.rows) - gainOf(a.rows)) as [
        RunResults,
        ...RunResults[],
      ];
      const rows = [first, ...others].flatMap((one) => one.rows);
      return { runs: [first.run, ...others.map(({ run }) => run)], rows, metric: rows[0]!.metric };
    });
}

const gainOf = (rows: readonly ResultRow[]) =>
  spread(rows.map(({ metric, validation }) => asGain(metric, validation))).mean;
const labelsOf = (rows: readonly ResultRow[]) => Math.round(spread(rows.map(({ labels }) => labels)).mean);

function best(groups: readonly Group[], study: string): Group {
  const most = Math.max(...groups.map(({ rows }) => labelsOf(rows)));
  const [found] = groups
    .filter(({ rows }) => labelsOf(rows) === most)
    .toSorted((a, b) => gainOf(b.rows) - gainOf(a.rows));
  if (found) return found;
  throw new PretextError({
    code: 'make.nothing-found',
    message: 'The study has no finished fine-tuning run whose settings a model could follow.',
    place: study,
    remedy: 'Let it finish first: a pretrained, a frozen or a baseline arm.',
  });
}

/** What the runs scored, as the model will tell it of them. */
export function followedOf(project: ReadableProject, { runs, rows, metric }: Group): Followed {
  const { study } = getStudy(project, runs[0].studyId);
  const dataset = factsOf(project, study).dataset(finetuneDatasetOf(study.recipe));
  const scores = runs.flatMap(({ id }) => listModelsOfRun(project, id))[0]?.model.scores;
  const over = (split: 'validation' | 'test') => ({
    score: spread(rows.map((row) => row[split])).mean,
    samples: scores?.[split]?.samples ?? dataset?.split.labeled?.[split] ?? dataset?.split[split] ?? 0,
  });
  return {
    runs: runs.map(({ name }) => name),
    seeds: rows.length,
    labels: labelsOf(rows),
    metric,
    validation: over('validation'),
    test: over('test'),
  };
}

function studyNamed(project: ReadableProject, of: string): string {
  const studies = listStudies(project);
  const found = studies.filter(({ id, name }) => id === of || name === of);
  if (found.length === 1) return found[0]!.id;
  throw new PretextError(
    found.length > 1
      ? {
          code: 'study.ambiguous',
          message: `${found.length} studies of this project have the name “${of}”.`,
          place: of,
          remedy: `Give the id of one: ${found.map(({ id }) => id).join(', ')}.`,
        }
      : {
          code: 'make.missing',
          message: `There is neither a run nor a study “${of}” in this project.`,
          place: of,
          remedy: 'Look at the lists of runs and of studies for its id or name.',
        },
  );
}

function noTrainedArm(of: string): PretextError {
  return new PretextError({
    code: 'make.no-network',
    message: `“${of}” measures no network that answers: a model is made of a pretrained, a frozen or a baseline run.`,
    place: of,
    remedy: 'Name a fine-tuning run of one of these arms, or a study.',
  });
}

function notMeasured({ name, status }: Run): PretextError {
  return new PretextError({
    code: 'make.not-measured',
    message:
      status === 'done'
        ? `The settings that ${name} tried were not chosen by validation scores, or runs of its arm are not finished.`
        : `The run ${name} is ${status}: what it finds is not known yet.`,
    place: name,
    remedy: 'Let its study finish, or name the run whose settings were chosen.',
  });
}
