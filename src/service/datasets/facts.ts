/**
 * What results need to know of datasets: of a finished study as they were when it ended, so that it can be read after
 * a dataset was renamed, changed or removed, and another took its name.
 */
import type { CopiesBetween, Dataset, Study } from '../../contract/entities.ts';
import type { StudyFacts } from '../../contract/results/study-facts.ts';
import {
  countPartedGroups,
  findCopiesBetween,
  findDataset,
  findHeldDataset,
  getStudy,
  listStudiesWith,
  readFacts,
  readHeldLabels,
  saveFacts,
  type HeldLabels,
  type ReadableProject,
  type WritableProject,
} from '../../project/index.ts';
import { lineageOf } from '../recipes/lineage.ts';
import { datasetsOf } from '../recipes/plan.ts';
import { STUDY_GROUPS, studyIs } from '../../contract/status.ts';
import { downstreamOf } from '../../contract/recipe/recipe.ts';

export interface Facts {
  dataset(name: string): Dataset | null;
  /** Groups that stand in more than one split. */
  partedGroups(name: string): number;
  copiesBetween(heldOut: string, seen: string): CopiesBetween | null;
}

/** As the project is now, with the labels that a study holds; left out: the newest. */
export function liveFacts(project: ReadableProject, held: HeldLabels = {}): Facts {
  return {
    dataset: (name) => findHeldDataset(project, held, name)?.dataset ?? null,
    partedGroups(name) {
      const stored = findHeldDataset(project, held, name);
      if (!stored) return 0;
      return countPartedGroups(project, stored.key, stored.labelVersion);
    },
    copiesBetween: (heldOut, seen) => findCopiesBetween(project, heldOut, seen),
  };
}

export function factsOf(project: ReadableProject, { id, status }: Study): Facts {
  const kept = studyIs('ended', { status }) ? readFacts(project, id) : null;
  if (!kept) return liveFacts(project, readHeldLabels(project, id));
  return {
    dataset(name) {
      const { dataset } = kept.datasets[name] ?? {};
      if (!dataset || dataset.copies) return dataset ?? null;
      // Copies may be looked for after the study has ended.
      const now = findDataset(project, name)?.dataset;
      return now?.id === dataset.id && now.copies ? { ...dataset, copies: now.copies } : dataset;
    },
    partedGroups: (name) => kept.datasets[name]?.partedGroups ?? 0,
    copiesBetween: (heldOut, seen) => kept.copies[pairName(heldOut, seen)] ?? null,
  };
}

/** Keeps them with the study, as the project is now. */
export function keepFacts(project: WritableProject, studyId: string): void {
  const { recipe } = getStudy(project, studyId).study;
  const targets = downstreamOf(recipe);
  const before = [...lineageOf(project, recipe)].flatMap(({ data }) => data.pretrain);
  const names = [...new Set([...targets, ...datasetsOf(recipe), ...before])];
  const live = liveFacts(project, readHeldLabels(project, studyId));
  const facts: StudyFacts = { datasets: {}, copies: {} };
  for (const name of names) {
    const dataset = live.dataset(name);
    if (dataset) facts.datasets[name] = { dataset, partedGroups: live.partedGroups(name) };
    for (const target of targets.filter((one) => one !== name)) {
      const copies = live.copiesBetween(target, name);
      if (copies) facts.copies[pairName(target, name)] = copies;
    }
  }
  saveFacts(project, studyId, facts);
}

/**
 * Before a dataset is renamed, changed or removed: studies that have ended keep what they have not kept yet. Returns
 * the names of those that used it.
 */
export function keepFactsOfEnded(project: WritableProject, datasetName: string): string[] {
  const using = listStudiesWith(project, STUDY_GROUPS.ended).filter(({ study }) =>
    datasetsOf(study.recipe).includes(datasetName),
  );
  for (const { study } of using) if (!readFacts(project, study.id)) keepFacts(project, study.id);
  return using.filter(({ study }) => study.status === 'done').map(({ study }) => study.name);
}

const pairName = (heldOut: string, seen: string) => JSON.stringify([heldOut, seen]);
