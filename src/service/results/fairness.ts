/** What must be known to judge a comparison rightly: found in the recipe and in the project, not assumed. */
import { needsCheckpoint } from '../../contract/recipe/arms.ts';
import { settingDifferences } from '../../contract/recipe/arm-settings.ts';
import type { CopiesBetween } from '../../contract/entities.ts';
import { downstreamOf, finetuneDatasetOf, type Arm, type Recipe } from '../../contract/recipe/recipe.ts';
import type { Caution } from '../../contract/results/result.ts';
import { describePretextTasks } from '../../learning/catalogue.ts';
import { findRunOfCheckpoint, getCheckpoint, getStudy, type ReadableProject } from '../../project/index.ts';
import { liveFacts, type Facts } from '../datasets/facts.ts';
import { lineageOf, originsOf } from '../recipes/lineage.ts';

/** The arms of the answer. */
export const COMPARED: [Arm, Arm] = ['pretrained', 'baseline'];
/** Pairs that say what putting datasets together bought. */
export const PUT_TOGETHER: [Arm, Arm][] = [
  ['pretrained', 'pretrained-own'],
  ['pretrained', 'pretrained-others'],
  ['pretrained-own', 'baseline'],
  ['pretrained-others', 'baseline'],
];

/**
 * Datasets whose validation and test samples pretraining saw; none for a fair comparison.
 *
 * A study that starts from a checkpoint is judged by the runs that made it, back to the first.
 */
export function heldOutSeen(project: ReadableProject, recipe: Recipe): string[] {
  const seen = new Set<string>();
  for (const { data } of lineageOf(project, recipe))
    if (data.includeHeldOut) for (const name of data.pretrain) seen.add(name);
  return [...seen];
}

/** Datasets from whose labels pretraining itself learned, found alike. */
export function labelsSeen(project: ReadableProject, recipe: Recipe): string[] {
  const supervised = describePretextTasks().filter(({ needsLabels }) => needsLabels);
  const seen = new Set<string>();
  for (const { data, pretext } of lineageOf(project, recipe))
    if (supervised.some(({ id }) => id === pretext?.task)) for (const name of data.pretrain) seen.add(name);
  return [...seen];
}

/** @param startedAt when the first run of the comparison began; null before */
export function cautionsOf(
  project: ReadableProject,
  recipe: Recipe,
  startedAt: string | null,
  facts: Facts = liveFacts(project),
): Caution[] {
  return [
    ...transductiveCaution(heldOutSeen(project, recipe)),
    ...labelsCaution(labelsSeen(project, recipe), recipe),
    ...choicesCaution(choicesByLabels(project, recipe, facts), recipe),
    // The import's split, which folds take the place of: theirs are left out of training.
    ...(recipe.data.folds
      ? []
      : downstreamOf(recipe).flatMap((name) => copiesCaution(project, recipe, startedAt, facts, name))),
    ...copiesBetweenCaution(project, recipe, facts),
    ...settingsCaution(recipe),
    ...excludedCaution(recipe),
  ];
}

/** Copies that were still in training when the first run, or the one that made the checkpoint, began. */
function copiesCaution(
  project: ReadableProject,
  recipe: Recipe,
  startedAt: string | null,
  facts: Facts,
  name: string,
): Caution[] {
  const dataset = facts.dataset(name);
  if (!dataset) return [];
  const { copies, split } = dataset;
  if (!copies) return split.validation + split.test > 0 ? [notSearchedCaution(name)] : [];
  if (copies.heldOut === 0) return [];
  const source = recipe.fromCheckpoint
    ? findRunOfCheckpoint(project, recipe.fromCheckpoint)?.run.startedAt
    : null;
  const began = [startedAt, source ?? null].filter((time) => time !== null).sort()[0];
  if (copies.leftOutAt !== null && (began === undefined || began >= copies.leftOutAt)) return [];
  const test = `${copies.test} of ${dataset.split.test} test samples`;
  const validation = `${copies.heldOut - copies.test} of ${dataset.split.validation} validation samples`;
  return [
    {
      code: 'copies-across-splits',
      message: `${test} and ${validation} of ${name} are copies, or nearly so, of training samples: scores may be better than on new samples. The dataset’s page shows them and can leave the copies out of training.`,
    },
  ];
}

const notSearchedCaution = (name: string): Caution => ({
  code: 'copies-not-searched',
  message: `Nobody has looked yet whether validation or test samples of ${name} are copies of training samples, in which case scores would be better than on new samples. The dataset’s page does so, or \`pretext data copies\`.`,
});

/** Copies in another dataset of what one that is tested holds out. */
interface CopiesOf extends CopiesBetween {
  /** The dataset that is tested. */
  of: string;
}

/**
 * Copies of held-out samples in the other datasets of pretraining, by the dataset that is tested and the other: those that
 * pretraining saw, and those that were left out of it. Of the recipe and of all runs that its weights come from.
 */
export function copiesElsewhere(
  project: ReadableProject,
  recipe: Recipe,
  facts: Facts = liveFacts(project),
): { seen: CopiesOf[]; leftOut: CopiesOf[] } {
  const found = downstreamOf(recipe).map((target) => copiesOf(project, recipe, facts, target));
  return { seen: found.flatMap(({ seen }) => seen), leftOut: found.flatMap(({ leftOut }) => leftOut) };
}

function copiesOf(project: ReadableProject, recipe: Recipe, facts: Facts, target: string) {
  const seen = new Map<string, CopiesOf>();
  const leftOut = new Map<string, CopiesOf>();
  for (const { data, pretext, tournament } of lineageOf(project, recipe))
    for (const name of pretext || tournament ? data.pretrain : []) {
      const found = name === target ? null : facts.copiesBetween(target, name);
      if (!found || found.heldOut === 0) continue;
      // Left out were those of the datasets that this pretraining was for, which may have been others.
      const spared = data.copiesOfHeldOut === 'leave-out' && downstreamOf({ data }).includes(target);
      (spared && !data.includeHeldOut ? leftOut : seen).set(name, { ...found, of: target });
    }
  return {
    seen: [...seen.values()],
    leftOut: [...leftOut.values()].filter(({ dataset }) => !seen.has(dataset)),
  };
}

function copiesBetweenCaution(project: ReadableProject, recipe: Recipe, facts: Facts): Caution[] {
  const { seen } = copiesElsewhere(project, recipe, facts);
  const counts = seen.flatMap(({ dataset, test, heldOut, of }) => {
    const split = facts.dataset(of)?.split;
    if (!split) return [];
    return `${test} of ${split.test} test and ${heldOut - test} of ${split.validation} validation samples of ${of} have a copy, or nearly so, in ${dataset}`;
  });
  if (counts.length === 0) return [];
  return [
    {
      code: 'copies-between-datasets',
      message: `${counts.join('; ')}, and pretraining saw those. On samples it has never seen, the pretrained arms may score lower. With \`data.copiesOfHeldOut: leave-out\` pretraining does without them.`,
    },
  ];
}

function transductiveCaution(datasets: readonly string[]): Caution[] {
  if (datasets.length === 0) return [];
  return [
    {
      code: 'transductive',
      message: `Transductive: pretraining saw the validation and test samples of ${datasets.join(' and ')}, without their labels. On samples it has never seen, the pretrained arms may score lower.`,
    },
  ];
}

/** No budget leaves labels out, so nobody can have seen more of them. */
const hasAllLabels = ({ finetune }: Recipe) => finetune?.budgets.every((budget) => budget === 'all') ?? true;

function labelsCaution(datasets: readonly string[], recipe: Recipe): Caution[] {
  if (datasets.length === 0 || hasAllLabels(recipe)) return [];
  return [
    {
      code: 'labels-seen',
      message: `Pretraining learned from the labels of all training samples of ${datasets.join(' and ')}, whatever the label budget: the pretrained arms have seen more labels than the baseline.`,
    },
  ];
}

/** What of pretraining was chosen by a probe, which looks at labeled training samples whatever the label budget. */
function choicesByLabels(project: ReadableProject, recipe: Recipe, facts: Facts): string[] {
  const labeled = (facts.dataset(finetuneDatasetOf(recipe))?.labeledCount ?? 0) > 0;
  const chosen = new Set<string>();
  const { tournament, pretext } = recipe;
  if (tournament) chosen.add('the pretext task');
  const byProbe = pretext?.bestBy === 'knn' || (pretext?.bestBy === undefined && labeled);
  if (pretext?.checkpoint === 'best' && pretext.probeEveryEpochs > 0 && byProbe) chosen.add('the checkpoint');
  for (const { id, source } of originsOf(project, recipe)) {
    if (!source) continue;
    if (getStudy(project, source.run.studyId).study.recipe.tournament) chosen.add('the pretext task');
    const { kind, scoreOf } = getCheckpoint(project, id);
    if (kind === 'best' && scoreOf === 'knn') chosen.add('the checkpoint');
  }
  return [...chosen];
}

function choicesCaution(chosen: readonly string[], recipe: Recipe): Caution[] {
  const arms = recipe.finetune?.arms.filter(needsCheckpoint) ?? [];
  if (chosen.length === 0 || arms.length === 0 || hasAllLabels(recipe)) return [];
  const [verb, name] = [chosen.length === 1 ? 'was' : 'were', finetuneDatasetOf(recipe)];
  return [
    {
      code: 'choices-used-labels',
      message: `For the pretrained arms ${chosen.join(' and ')} ${verb} chosen by a probe, which looks at labeled training and validation samples of ${name}, whatever the label budget. The baseline has nothing of that kind: a part of the difference may come from those labels.`,
    },
  ];
}

/** No fault, but a result without some of the people is a result about the others. */
function excludedCaution(recipe: Recipe): Caution[] {
  const { exclude = [] } = recipe.data;
  if (exclude.length === 0) return [];
  const told = exclude.map(
    ({ by, groups, dataset = finetuneDatasetOf(recipe) }) => `${by} ${groups.join(', ')} of ${dataset}`,
  );
  return [
    {
      code: 'groups-left-out',
      message: `Left out of the whole study, as the recipe asks: ${told.join('; ')}.`,
    },
  ];
}

function settingsCaution({ finetune }: Recipe): Caution[] {
  if (!finetune || COMPARED.some((arm) => !finetune.arms.includes(arm))) return [];
  const differences = settingDifferences(COMPARED, finetune).map(
    ({ setting, values }) =>
      `${setting} is ${values[0]} for ${COMPARED[0]} and ${values[1]} for ${COMPARED[1]}`,
  );
  if (differences.length === 0) return [];
  return [
    {
      code: 'settings-differ',
      message: `The two arms are not trained alike, as the recipe asks: ${differences.join('; ')}. A part of their difference may come from that.`,
    },
  ];
}
