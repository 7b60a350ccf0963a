/** Models that are made of what a study has found: planned as runs of it, which the queue carries out. */
import { isDeepStrictEqual } from 'node:util';
import type { Run } from '../../contract/entities.ts';
import { PretextError } from '../../contract/errors.ts';
import type { FinalMaking, HeldOutSplit, Making, MakingKind } from '../../contract/model/making.ts';
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
  listRunsOf,
  updateRun,
  type ReadableProject,
  type WritableProject,
} from '../../project/index.ts';
import { factsOf } from '../datasets/facts.ts';
import { followedOf, groupNamed, headsOfGroup, modelsOf, type Group, type HeadRows } from './followed.ts';

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
  for (const dataset of run.datasets) requireSameData(project, run, dataset);
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
  // Heads that are trained at once were best at the same moment, which the rows of the first tell.
  const heads = group.runs[0].datasets.length;
  const shares = group.rows.flatMap((row) => bestShare(row, finetune, heads) ?? []);
  if (shares.length === 0) throw withoutCurve(group.runs[0]);
  const making: FinalMaking = {
    kind: 'final',
    splits: ['train', ...(['validation', 'test'] as const).filter((split) => include.includes(split))],
    share: median(shares),
    ...takenOver(project, group, group),
    ...(group.others.length > 0 && {
      others: group.others.map((own) => ({ dataset: own.dataset, ...takenOver(project, group, own) })),
    }),
  };
  return { ...settings, budget: 'all', seeds: [finetune.firstSeed], making };
}

/** What one head of a final model takes over from that of the runs that it follows. */
const takenOver = (project: ReadableProject, group: Group, head: HeadRows) => ({
  followed: followedOf(project, group, head),
  temperature: temperatureOf(head),
  intervals: intervalsOf(project, group, head),
});

/** The geometric mean over the seeds: logits are divided by it. Null where a seed has none. */
function temperatureOf({ rows }: HeadRows): number | null {
  const found = rows.map(({ calibration }) => believableTemperature(calibration?.temperature ?? null));
  if (found.some((temperature) => temperature === null)) return null;
  return Math.exp(found.reduce<number>((sum, temperature) => sum + Math.log(temperature!), 0) / found.length);
}

/** The widest of those that the followed runs' models have: it promises the least. */
function intervalsOf(
  project: ReadableProject,
  { runs }: Group,
  { dataset }: HeadRows,
): FinalMaking['intervals'] {
  const all = modelsOf(project, runs, dataset).map(({ intervals }) => intervals);
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
  const [first, ...others] = headsOfGroup(group).map((head) => ({
    ...head,
    rows: group.runs.length > 1 ? rowsOf(head, project, run) : head.rows,
  }));
  const seeds = first!.rows.map(({ seed }) => seed).toSorted((a, b) => a - b);
  if (seeds.length < 2) throw oneSeed(run);
  const followed = (head: HeadRows) => followedOf(project, { runs: [run] }, head);
  const making: Making = {
    kind: 'ensemble',
    followed: followed(first!),
    ...(others.length > 0 && {
      others: others.map((head) => ({ dataset: head.dataset, followed: followed(head) })),
    }),
  };
  return { ...settingsOf(project, run), seeds, making };
}

const rowsOf = ({ rows }: HeadRows, project: ReadableProject, { id }: Run) => {
  const { config } = getRun(project, id);
  const own = isPretextConfig(config) ? [] : (config.seeds ?? []);
  return rows.filter(({ seed }) => own.includes(seed));
};

/** A dataset that was removed, or imported anew under its old name, is not what the settings were found on. */
function requireSameData(project: ReadableProject, { studyId, name }: Run, wanted: string): void {
  const { study } = getStudy(project, studyId);
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

function withoutCurve({ name }: Run): PretextError {
  return new PretextError({
    code: 'make.no-curve',
    message: `${name} did not keep when it was best on validation data, so how long to train is not known.`,
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
