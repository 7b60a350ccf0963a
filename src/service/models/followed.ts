/** Which runs a model that is made follows, and what they found. */
import type { Run } from '../../contract/entities.ts';
import { PretextError } from '../../contract/errors.ts';
import { headsOf, withHead } from '../../contract/model/heads.ts';
import type { Followed } from '../../contract/model/making.ts';
import type { Model } from '../../contract/model/model.ts';
import { asGain, type MetricName } from '../../contract/results/metric.ts';
import type { ResultRow } from '../../contract/results/result.ts';
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
import { measuredHeads, type RunResults } from '../results/study.ts';

/** What runs found with one of their heads. */
export interface HeadRows {
  dataset: string;
  rows: ResultRow[];
  metric: MetricName;
}

/** Runs of one arm at one label budget: one, or one for each of several pretrainings; the best first. */
export interface Group extends HeadRows {
  runs: [Run, ...Run[]];
  /** Of further heads that they trained at once and measured, in the order of the runs' datasets. */
  others: HeadRows[];
}

export const headsOfGroup = (group: Group): HeadRows[] => [group, ...group.others];

/**
 * @param of id or name of a run, which is meant with those of its arm and budget; or of a study, whose best arm by
 *   validation scores is meant, at the largest budget
 */
export function groupNamed(project: ReadableProject, of: string): Group {
  const stored = findRun(project, of);
  if (stored && (stored.run.kind !== 'finetune' || isMaking(stored))) throw noTrainedArm(of);
  const studyId = stored?.run.studyId ?? studyNamed(project, of);
  const groups = groupsOf(project, studyId, stored?.run.datasets[0]);
  if (!stored) return best(groups, of);
  const found = groups.find(({ runs }) => runs.some(({ id }) => id === stored.run.id));
  if (found) return found;
  throw TUNED_ARMS.includes(stored.run.arm!) ? notMeasured(stored.run) : noTrainedArm(of);
}

/** Trained arms whose runs are all done; of settings that were tried, those that were chosen. */
function groupsOf(project: ReadableProject, studyId: string, dataset?: string): Group[] {
  const found = measuredHeads(project, studyId, dataset).filter(
    ({ run, rows }) => TUNED_ARMS.includes(run.arm!) && rows.length > 0,
  );
  const firstHeads = found.filter(({ head }) => head === 0);
  const byPlace = Map.groupBy(firstHeads, ({ run }) => JSON.stringify([run.arm, run.budget]));
  return [...byPlace.values()]
    .filter((own) => own.every(({ run }) => run.status === 'done'))
    .map((own) => {
      const sorted = own.toSorted((a, b) => gainOf(b.rows) - gainOf(a.rows));
      const runs = sorted.map(({ run }) => run) as [Run, ...Run[]];
      const [first, ...others] = headRowsOf(runs, found) as [HeadRows, ...HeadRows[]];
      return { ...first, runs, others };
    });
}

function headRowsOf(runs: readonly Run[], found: readonly RunResults[]): HeadRows[] {
  return runs[0]!.datasets.flatMap((dataset, head): HeadRows[] => {
    const rows = runs.flatMap(({ id }) =>
      found.filter((one) => one.run.id === id && one.head === head).flatMap((one) => one.rows),
    );
    return rows.length > 0 ? [{ dataset, rows, metric: rows[0]!.metric }] : [];
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

/** What the runs scored with one of their heads, as the model will tell it of them. */
export function followedOf(
  project: ReadableProject,
  { runs }: Pick<Group, 'runs'>,
  { dataset: name, rows, metric }: HeadRows,
): Followed {
  const { study } = getStudy(project, runs[0].studyId);
  const dataset = factsOf(project, study).dataset(name);
  const scores = modelsOf(project, runs, name)[0]?.scores;
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

/** Kept models of the runs, by the head for a dataset. */
export const modelsOf = (project: ReadableProject, runs: readonly Run[], dataset: string): Model[] =>
  runs
    .flatMap(({ id }) => listModelsOfRun(project, id))
    .filter(({ model }) => headsOf(model).includes(dataset))
    .map(({ model }) => withHead(model, dataset));

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
