import { currentOptions, inspect, previewPreparation } from '../../data/index.ts';
import { importSchema } from '../../contract/data/import.ts';
import type { LabelsChanged } from '../../contract/data/labels.ts';
import {
  changeLabels,
  findCopiesBetween,
  getDataset,
  leaveCopiesOut,
  listDatasets,
  readCopyPage,
  readIssuePage,
  readLabelVersions,
  readPairsBetween,
  readSamplePage,
  renameDataset,
  setSignalKind,
  showDataset,
  studiesByLabels,
  undoLabels,
  type WritableProject,
} from '../../project/index.ts';
import { searchCopies, searchCopiesBetween } from '../datasets/copies.ts';
import { keepFactsOfEnded } from '../datasets/facts.ts';
import { exportLabels, importLabels } from '../datasets/label-files.ts';
import { requireUnused } from '../datasets/in-use.ts';
import { UNDO_SECONDS } from '../removals.ts';
import { resolveImport } from '../recipes/paths.ts';
import { readColumnRelation } from '../datasets/column-relation.ts';
import { readTableRows } from '../datasets/table-rows.ts';
import { readThumbnails } from '../datasets/thumbnails.ts';
import { listGroups } from '../datasets/group-names.ts';
import { answer, type Context } from './answering.ts';

const UNLABELED = -1;
const NO_SUCH_CLASS = -2;

export const datasetHandlers = {
  list: answer.dataset.list.handler(({ context }) => listDatasets(context.actions.project)),
  inspect: answer.dataset.inspect.handler(({ input }) =>
    inspect(input.path, resolveImport({ ...input.options, path: input.path })),
  ),
  previewPreparation: answer.dataset.previewPreparation.handler(({ input: { path, options, wish } }) =>
    previewPreparation(path, resolveImport({ ...options, path }), wish),
  ),
  import: answer.dataset.import.handler(({ context, input }) => {
    const { id, finished } = context.actions.imports.start(input.name, resolveImport(input.options));
    // Its end is told as an event, and logged there.
    finished.catch(() => undefined);
    return { id };
  }),
  // Those of an older version lack what came later.
  options: answer.dataset.options.handler(({ context, input }) =>
    currentOptions(importSchema.parse(getDataset(context.actions.project, input.datasetId).importOptions)),
  ),
  imports: answer.dataset.imports.handler(({ context }) => context.actions.imports.list()),
  cancelImport: answer.dataset.cancelImport.handler(({ context, input }) => {
    context.actions.imports.cancel(input.id);
    return {};
  }),
  rename: answer.dataset.rename.handler(({ context, input }) => {
    const { project, events } = context.actions;
    const { name } = getDataset(project, input.datasetId).dataset;
    requireUnused(project, name, 'renamed');
    keepFactsOfEnded(project, name);
    const dataset = renameDataset(project, input.datasetId, input.name);
    events.publish({ type: 'dataset', dataset });
    return dataset;
  }),
  // Nothing that was planned changes: its views are written down.
  setKind: answer.dataset.setKind.handler(({ context, input }) => {
    const { project, events } = context.actions;
    const dataset = setSignalKind(project, input.datasetId, input.kind);
    events.publish({ type: 'dataset', dataset });
    return dataset;
  }),
  remove: answer.dataset.remove.handler(({ context, input }) => {
    const { project, events, imports, removals } = context.actions;
    const { name } = getDataset(project, input.datasetId).dataset;
    requireUnused(project, name, 'removed');
    const usedBy = keepFactsOfEnded(project, name);
    imports.cancel(input.datasetId);
    removals.removeDataset(input.datasetId);
    events.publish({ type: 'dataset-removed', datasetId: input.datasetId });
    return { undoSeconds: UNDO_SECONDS, usedBy };
  }),
  restore: answer.dataset.restore.handler(({ context, input }) => {
    const { project, events, removals } = context.actions;
    const dataset = showDataset(project, input.datasetId);
    removals.keep(input.datasetId);
    events.publish({ type: 'dataset', dataset });
    return dataset;
  }),
  issues: answer.dataset.issues.handler(({ context, input }) => {
    const { project } = context.actions;
    return readIssuePage(project, getDataset(project, input.datasetId).key, input);
  }),
  samples: answer.dataset.samples.handler(({ context, input }) => {
    const { project } = context.actions;
    const { key, dataset } = getDataset(project, input.datasetId);
    const classNames = dataset.classes.map(({ name }) => name);
    const classId = classIdOf(input.label, classNames);
    return readSamplePage(project, key, { ...input, classId }, classNames);
  }),
  rows: answer.dataset.rows.handler(({ context, input }) => {
    const { project } = context.actions;
    return readTableRows(project, getDataset(project, input.datasetId), input);
  }),
  columnRelation: answer.dataset.columnRelation.handler(({ context, input }) => {
    const { project } = context.actions;
    return readColumnRelation(project, getDataset(project, input.datasetId), input.column);
  }),
  findCopies: answer.dataset.findCopies.handler(async ({ context, input, signal }) => {
    const { project, events } = context.actions;
    const { name } = getDataset(project, input.datasetId).dataset;
    requireUnused(project, name, 'changed');
    keepFactsOfEnded(project, name);
    // Those left out are looked at anew like all others.
    if (getDataset(project, input.datasetId).dataset.copies)
      await leaveCopiesOut(project, input.datasetId, false);
    const dataset = await searchCopies(project, input.datasetId, signal ? { signal } : {});
    events.publish({ type: 'dataset', dataset });
    return dataset;
  }),
  copies: answer.dataset.copies.handler(({ context, input }) =>
    readCopyPage(context.actions.project, input.datasetId, input),
  ),
  copiesBetween: answer.dataset.copiesBetween.handler(({ context, input }) => {
    const { project } = context.actions;
    const { name } = getDataset(project, input.datasetId).dataset;
    return listDatasets(project).flatMap((other) => findCopiesBetween(project, name, other.name) ?? []);
  }),
  findCopiesBetween: answer.dataset.findCopiesBetween.handler(({ context, input }) => {
    const { project } = context.actions;
    return searchCopiesBetween(
      project,
      getDataset(project, input.datasetId),
      getDataset(project, input.otherId),
    );
  }),
  pairsBetween: answer.dataset.pairsBetween.handler(({ context, input }) =>
    readPairsBetween(context.actions.project, input.datasetId, input.otherId, input),
  ),
  leaveCopiesOut: answer.dataset.leaveCopiesOut.handler(async ({ context, input }) => {
    const { project, events } = context.actions;
    const { name } = getDataset(project, input.datasetId).dataset;
    requireUnused(project, name, 'changed');
    keepFactsOfEnded(project, name);
    const dataset = await leaveCopiesOut(project, input.datasetId, input.leaveOut);
    events.publish({ type: 'dataset', dataset });
    return dataset;
  }),
  changeLabels: answer.dataset.changeLabels.handler(({ context, input }) =>
    relabel(context, input.datasetId, (project) => {
      const changes = input.changes.map(({ index, ...said }) => ({ position: index, ...said }));
      return changeLabels(project, input.datasetId, changes, { madeBy: 'hand', tests: input.tests });
    }),
  ),
  undoLabels: answer.dataset.undoLabels.handler(({ context, input }) =>
    relabel(context, input.datasetId, (project) => undoLabels(project, input.datasetId, input.to)),
  ),
  labelVersions: answer.dataset.labelVersions.handler(({ context, input }) => {
    const { project } = context.actions;
    const { total, versions } = readLabelVersions(project, input.datasetId, input);
    const studies = studiesByLabels(project, input.datasetId);
    return {
      total,
      versions: versions.map((one) => ({ ...one, studies: studies.get(one.version) ?? [] })),
    };
  }),
  exportLabels: answer.dataset.exportLabels.handler(async ({ context, input }) => ({
    samples: await exportLabels(context.actions.project, input.datasetId, input.file, input.overwrite),
  })),
  importLabels: answer.dataset.importLabels.handler(({ context, input }) =>
    relabel(context, input.datasetId, (project) => importLabels(project, input.datasetId, input)),
  ),
  groups: answer.dataset.groups.handler(({ context, input }) => {
    const { project } = context.actions;
    return listGroups(project, getDataset(project, input.datasetId), input);
  }),
  recordings: answer.dataset.recordings.handler(({ context, input }) =>
    context.actions.recordings.list(input.datasetId),
  ),
  recordingTile: answer.dataset.recordingTile.handler(({ context, input }) =>
    context.actions.recordings.tile(input),
  ),
  recordingPart: answer.dataset.recordingPart.handler(({ context, input }) =>
    context.actions.recordings.part(input),
  ),
  sampleInRecording: answer.dataset.sampleInRecording.handler(({ context, input }) =>
    context.actions.recordings.placeOf(input.datasetId, input.index),
  ),
  thumbnails: answer.dataset.thumbnails.handler(({ context, input }) => {
    const { project } = context.actions;
    return readThumbnails(project, getDataset(project, input.datasetId), input.indices);
  }),
};

/** Labels may change while studies run: each holds those that it began with. */
async function relabel<Changed extends LabelsChanged>(
  { actions: { project, events } }: Context,
  datasetId: string,
  change: (project: WritableProject) => Promise<Changed>,
): Promise<Changed> {
  keepFactsOfEnded(project, getDataset(project, datasetId).dataset.name);
  const changed = await change(project);
  events.publish({ type: 'dataset', dataset: changed.dataset });
  return changed;
}

/** undefined: all samples; null: those without a label. */
function classIdOf(label: string | null | undefined, classNames: readonly string[]): number | undefined {
  if (label === undefined) return undefined;
  if (label === null) return UNLABELED;
  const found = classNames.indexOf(label);
  return found === -1 ? NO_SUCH_CLASS : found;
}
