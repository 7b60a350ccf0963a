/** Models that are made of what a study has found: planned as runs of it, which the queue carries out. */
import { isDeepStrictEqual } from 'node:util';
import type { Run } from '../../contract/entities.ts';
import { PretextError } from '../../contract/errors.ts';
import type { FinalMaking, HeldOutSplit, Making, MakingKind } from '../../contract/model/making.ts';
import { finetuneDatasetOf } from '../../contract/recipe/recipe.ts';
import { isPretextConfig, type FinetuneRunConfig } from '../../contract/recipe/run-config.ts';
import { runIs } from '../../contract/status.ts';
import { believableTemperature } from '../../contract/results/temperature.ts';
import { bestShare } from '../../contract/recipe/schedule.ts';
import { median } from '../../learning/evaluation/intervals/statistics.ts';
import {
  findDataset,
  getRun,
  getStudy,
  inTransaction,
  insertRun,
  listModelsOfRun,
  listRunsOf,
  updateRun,
  type ReadableProject,
  type WritableProject,
} from '../../project/index.ts';
import { factsOf } from '../datasets/facts.ts';
import { followedOf, groupNamed, type Group } from './followed.ts';

export interface MakeWishes {
  kind: MakingKind;
  /** Id or name of a fine-tuning run, or of a study. */
  of: string;
  include: HeldOutSplit[];
}

/** The run that makes it: a new one, or the same wish's that has not ended yet, which goes on. */
export function makeModel(project: WritableProject, { kind, of, include }: MakeWishes): Run {
  const group = groupNamed(project, of);
  const [run] = group.runs;
  if (run.datasets.length > 1) throw severalHeads(run);
  requireSameData(project, run);
  const config = kind === 'final' ? finalConfig(project, group, include) : ensembleConfig(project, group);
  return inTransaction(project, () => {
    const open = listRunsOf(project, run.studyId).find(
      (one) => runIs('open', one.run) && one.run.making === kind && sameWish(one.config, config),
    );
    if (open && runIs('held', open.run))
      return updateRun(project, open.run.id, { status: 'queued', failure: null, restarts: 0 });
    if (open) return open.run;
    return insertRun(project, {
      studyId: run.studyId,
      kind: 'finetune',
      title: kind,
      task: null,
      arm: run.arm,
      budget: config.budget,
      datasets: run.datasets,
      checkpointId: run.checkpointId,
      config,
      making: kind,
      needs: [],
    });
  });
}

/** What is known once a run has started says nothing of what was wished for. */
const sameWish = (one: unknown, other: FinetuneRunConfig) => {
  const wish = ({ making, budget, seeds, finetune }: FinetuneRunConfig) => ({
    making,
    budget,
    seeds,
    finetune,
  });
  return isDeepStrictEqual(wish(one as FinetuneRunConfig), wish(other));
};

/** The run's own settings, without what only says which of several it was. */
function settingsOf(project: ReadableProject, { id }: Run): FinetuneRunConfig {
  const { config } = getRun(project, id);
  if (isPretextConfig(config)) throw new Error(`Bug: ${id} is a pretext run.`);
  const { try: _try, pretraining: _pretraining, ...own } = config;
  return own;
}

function finalConfig(
  project: ReadableProject,
  group: Group,
  include: readonly HeldOutSplit[],
): FinetuneRunConfig {
  // All labels there are, whatever fold the run was of.
  const { fold: _fold, ...settings } = settingsOf(project, group.runs[0]);
  const { finetune } = settings;
  const shares = group.rows.flatMap((row) => bestShare(row, finetune) ?? []);
  if (shares.length === 0) throw withoutCurve(group.runs[0]);
  const making: FinalMaking = {
    kind: 'final',
    splits: ['train', ...(['validation', 'test'] as const).filter((split) => include.includes(split))],
    share: median(shares),
    followed: followedOf(project, group),
    temperature: temperatureOf(group),
    intervals: intervalsOf(project, group),
  };
  return { ...settings, budget: 'all', seeds: [finetune.firstSeed], making };
}

/** The geometric mean over the seeds: logits are divided by it. Null where a seed has none. */
function temperatureOf({ rows }: Group): number | null {
  const found = rows.map(({ calibration }) => believableTemperature(calibration?.temperature ?? null));
  if (found.some((temperature) => temperature === null)) return null;
  return Math.exp(found.reduce<number>((sum, temperature) => sum + Math.log(temperature!), 0) / found.length);
}

/** The widest of those that the followed runs' models have: it promises the least. */
function intervalsOf(project: ReadableProject, { runs }: Group): FinalMaking['intervals'] {
  const all = runs.flatMap(({ id }) => listModelsOfRun(project, id)).map(({ model }) => model.intervals);
  return (all[0] ?? []).map((interval) => ({
    ...interval,
    halfWidth: Math.max(
      ...all.flatMap((own) =>
        own
          .filter(({ level, target }) => level === interval.level && target === interval.target)
          .map(({ halfWidth }) => halfWidth),
      ),
    ),
  }));
}

/** Of one run: the seeds of several pretrainings start from several checkpoints. */
function ensembleConfig(project: ReadableProject, group: Group): FinetuneRunConfig {
  const [run] = group.runs;
  const rows = group.runs.length > 1 ? rowsOf(group, project, run) : group.rows;
  const seeds = rows.map(({ seed }) => seed).toSorted((a, b) => a - b);
  if (seeds.length < 2) throw oneSeed(run);
  const making: Making = {
    kind: 'ensemble',
    followed: followedOf(project, { ...group, runs: [run], rows }),
  };
  return { ...settingsOf(project, run), seeds, making };
}

const rowsOf = ({ rows }: Group, project: ReadableProject, { id }: Run) => {
  const { config } = getRun(project, id);
  const own = isPretextConfig(config) ? [] : (config.seeds ?? []);
  return rows.filter(({ seed }) => own.includes(seed));
};

/** A dataset that was removed, or imported anew under its old name, is not what the settings were found on. */
function requireSameData(project: ReadableProject, { studyId, name, datasets }: Run): void {
  const { study } = getStudy(project, studyId);
  const wanted = datasets[0] ?? finetuneDatasetOf(study.recipe);
  const then = factsOf(project, study).dataset(wanted);
  const now = findDataset(project, wanted)?.dataset;
  if (now && (!then || then.id === now.id)) return;
  throw new PretextError({
    code: 'make.data-gone',
    message: `The data that ${name} was trained on (${wanted}) ${now ? 'were replaced by others of the same name' : 'are not in the project any more'}.`,
    place: wanted,
    remedy: 'Import them again and run the study anew.',
  });
}

/** How long to train, and by what to calibrate, was found for all heads at once. */
function severalHeads({ name, datasets }: Run): PretextError {
  return new PretextError({
    code: 'make.several-heads',
    message: `${name} trained heads for ${datasets.join(', ')} at once: final models and ensembles are made of runs with one head.`,
    place: name,
    remedy:
      'Use the model that the run has kept, or run the study with a head for `each` dataset (`finetune.heads`).',
  });
}

function withoutCurve({ name }: Run): PretextError {
  return new PretextError({
    code: 'make.no-curve',
    message: `${name} kept no validation curve, so how long to train is not known.`,
    place: name,
    remedy: 'Run its study anew with this version of the program.',
  });
}

function oneSeed({ name }: Run): PretextError {
  return new PretextError({
    code: 'make.one-seed',
    message: `${name} has one seed: there is nothing to average.`,
    place: name,
    remedy: 'Run the study with more seeds (`finetune.seeds`), or use the model that the run has kept.',
  });
}
