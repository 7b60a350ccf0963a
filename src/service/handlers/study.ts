import {
  findRunOfCheckpoint,
  getStudy,
  listRunsOf,
  listStudies,
  listStudiesWith,
  renameStudy,
  showStudy,
  type ReadableProject,
} from '../../project/index.ts';
import { PretextError } from '../../contract/errors.ts';
import type { Run, Study } from '../../contract/entities.ts';
import { estimateMemory } from '../trainers/memory.ts';
import { isMaking } from '../recipes/tries.ts';
import { startOf } from '../recipes/lineage.ts';
import { UNDO_SECONDS } from '../removals.ts';
import { portableRecipe } from '../recipes/portable.ts';
import { checkRecipeText, recipeToYaml } from '../recipes/text.ts';
import { groupScores } from '../results/groups.ts';
import { sampleAnswers } from '../results/sample-answers.ts';
import { requireAbsolute } from '../models/place.ts';
import { studyFigures } from '../reports/figure-files.ts';
import { studyReport } from '../reports/report.ts';
import { studyResult } from '../results/study.ts';
import { listSampleStudies, readSampleRecipe, sampleFolder } from '../recipes/samples.ts';
import { deviceDefaults } from '../../machine/settings.ts';
import { requirePlaceForFolder, writeFolder } from '../../machine/whole-folder.ts';
import { figureFiles } from '../../data/index.ts';
import { encoderReach, togetherInProject, withProposals } from '../studies/proposals.ts';
import { knownProject } from '../studies/start.ts';
import { estimateTime } from '../tournament/time.ts';
import { answer } from './answering.ts';
import { runIs, STUDY_GROUPS, studyIs } from '../../contract/status.ts';

export const studyHandlers = {
  list: answer.study.list.handler(({ context }) => listStudies(context.actions.project)),
  get: answer.study.get.handler(
    ({ context, input }) => getStudy(context.actions.project, input.studyId).study,
  ),
  check: answer.study.check.handler(({ context, input }) =>
    checkRecipeText(input.text, input.fileName, (recipe) => knownProject(context.actions.project, recipe), {
      defaults: deviceDefaults(),
      wishes: input.device,
    }),
  ),
  start: answer.study.start.handler(({ context, input }) =>
    context.actions.startStudy(input.recipe, input.baseFolder),
  ),
  memory: answer.study.memory.handler(({ context, input }) =>
    estimateMemory(
      context.actions.project,
      context.actions.questions,
      withProposals(context.actions.project, input.recipe),
    ),
  ),
  time: answer.study.time.handler(({ context, input }) =>
    estimateTime(context.actions.project, withProposals(context.actions.project, input.recipe)),
  ),
  reach: answer.study.reach.handler(({ context, input }) =>
    encoderReach(context.actions.project, withProposals(context.actions.project, input.recipe)),
  ),
  together: answer.study.together.handler(({ context, input }) =>
    togetherInProject(context.actions.project, input.recipe),
  ),
  samples: answer.study.samples.handler(() => listSampleStudies()),
  startSample: answer.study.startSample.handler(({ context, input }) =>
    context.actions.startStudy(readSampleRecipe(input.id, sampleFolder(), deviceDefaults()), sampleFolder()),
  ),
  rename: answer.study.rename.handler(({ context, input }) => {
    const { project, events } = context.actions;
    const study = renameStudy(project, getStudy(project, input.studyId).study.id, input.name);
    events.publish({ type: 'study', study });
    return study;
  }),
  yaml: answer.study.yaml.handler(({ context, input }) => ({
    text: portableYaml(context.actions.project, getStudy(context.actions.project, input.studyId).study),
  })),
  report: answer.study.report.handler(({ context, input }) => ({
    html: studyReport(context.actions.project, input.studyId),
  })),
  figures: answer.study.figures.handler(async ({ context, input }) => {
    const { studyId, to, overwrite } = input;
    requireAbsolute(to);
    const figures = studyFigures(studyResult(context.actions.project, studyId));
    await requirePlaceForFolder(to, overwrite);
    return writeFolder(to, await figureFiles(figures), overwrite);
  }),
  result: answer.study.result.handler(({ context, input }) =>
    studyResult(context.actions.project, input.studyId),
  ),
  answers: answer.study.answers.handler(({ context, input }) =>
    sampleAnswers(context.actions.project, input),
  ),
  groups: answer.study.groups.handler(({ context, input }) =>
    groupScores(context.actions.project, input.studyId),
  ),
  cancel: answer.study.cancel.handler(async ({ context, input }) => {
    const { study } = getStudy(context.actions.project, input.studyId);
    if (studyIs('open', study)) await context.actions.request({ action: 'cancel', studyId: input.studyId });
    return {};
  }),
  remove: answer.study.remove.handler(({ context, input }) => {
    const { project, removals, events } = context.actions;
    const { study } = getStudy(project, input.studyId);
    if (studyIs('open', study)) throw stillOpen(study);
    const making = listRunsOf(project, study.id).find((one) => isMaking(one) && runIs('open', one.run));
    if (making) throw stillMaking(study, making.run);
    const needing = studyStartingFrom(project, study.id);
    if (needing) throw stillNeeded(study, needing);
    removals.removeStudy(study.id);
    for (const runId of study.runIds) events.publish({ type: 'run-removed', runId });
    return { undoSeconds: UNDO_SECONDS };
  }),
  restore: answer.study.restore.handler(({ context, input }) => {
    const { project, removals } = context.actions;
    const study = showStudy(project, input.studyId);
    removals.keep(study.id);
    context.actions.tell({ runIds: study.runIds, studyIds: [study.id] });
    return study;
  }),
};

function portableYaml(project: ReadableProject, { id, name, recipe: stored }: Study): string {
  const { recipe, cautions } = portableRecipe(project, { ...stored, name }, id);
  return recipeToYaml(recipe, cautions);
}

/** An unfinished study whose weights come from a checkpoint of this one. */
function studyStartingFrom(project: ReadableProject, studyId: string): Study | null {
  const found = listStudiesWith(project, STUDY_GROUPS.open).find(({ study: { id, recipe } }) => {
    const starts = [recipe.fromCheckpoint, startOf(recipe.pretext)].filter((start) => start != null);
    const isFrom = (start: string) => findRunOfCheckpoint(project, start)?.run.studyId === studyId;
    return id !== studyId && starts.some(isFrom);
  });
  return found?.study ?? null;
}

function stillOpen({ name, status }: Study): PretextError {
  return new PretextError({
    code: 'study.open',
    message: `The study “${name}” is ${status}: it cannot be removed.`,
    place: name,
    remedy: 'Cancel it first.',
  });
}

function stillMaking({ name }: Study, { name: run, status }: Run): PretextError {
  return new PretextError({
    code: 'study.open',
    message: `The study “${name}” cannot be removed: ${run}, which makes a model of it, is ${status}.`,
    place: name,
    remedy: 'Let it finish, or cancel that run first.',
  });
}

function stillNeeded({ name }: Study, { name: other, status }: Study): PretextError {
  return new PretextError({
    code: 'study.needed',
    message: `The study “${name}” cannot be removed: “${other}”, which is ${status}, starts from a checkpoint of it.`,
    place: name,
    remedy: `Let “${other}” finish, or cancel it first.`,
  });
}
