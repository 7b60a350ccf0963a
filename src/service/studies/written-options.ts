/**
 * Options of task and encoder that a recipe leaves out: written into runs as they are planned, so that a run that is
 * begun, paused or waits goes on with the same, whatever a later version takes where nothing is said.
 */
import { PretextError } from '../../contract/errors.ts';
import type { Modality } from '../../contract/data/modality.ts';
import { isPretextConfig, type PretextRunConfig, type RunConfig } from '../../contract/recipe/run-config.ts';
import { writtenEncoder, writtenOptions } from '../../learning/catalogue.ts';
import {
  findFold,
  listResumePoints,
  listRunsOf,
  updateRun,
  type ReadableProject,
  type StoredRun,
  type WritableProject,
} from '../../project/index.ts';
import { formOf, requireDataset } from '../datasets/selection.ts';
import { trainedSamples } from '../datasets/trained-samples.ts';
import { commonOptions, isGroup } from '../recipes/common-options.ts';

/** Of a study that is planned, whose data are there: of its runs that have not begun. */
export function writeOptionsOut(project: WritableProject, studyId: string): void {
  for (const stored of listRunsOf(project, studyId))
    if (stored.run.startedAt === null && !stored.config.writtenOut)
      updateRun(project, stored.run.id, { config: writtenIfFitting(project, stored) });
}

/** What does not suit the data stays as it is: the run says so when it starts, and those beside it go on. */
function writtenIfFitting(project: ReadableProject, stored: StoredRun): RunConfig {
  try {
    return withOptions(project, stored);
  } catch (thrown) {
    if (thrown instanceof PretextError) return stored.config;
    throw thrown;
  }
}

/**
 * The configuration of a run that starts or goes on. One that was planned by a version which left options open gets this
 * version's, as nothing says which those were that it knew, and tells which.
 *
 * @throws PretextError where an option does not suit the data
 */
export function withOptionsAtStart(project: WritableProject, stored: StoredRun): StoredRun {
  const begun = filled(stored, withOptions(project, stored));
  return begun === stored ? stored : keepOptions(project, begun);
}

/** The same of a run that is packed for another machine; nothing is kept before the bundle is there. */
export const withOptionsToPack = (project: ReadableProject, stored: StoredRun): StoredRun =>
  filled(stored, writtenIfFitting(project, stored));

export function keepOptions(project: WritableProject, stored: StoredRun): StoredRun {
  const { run, config } = stored;
  return { ...stored, run: updateRun(project, run.id, { config, environment: run.environment }) };
}

/** With a configuration that is written out, and with words on what was open in the one that it has. */
function filled(stored: StoredRun, config: RunConfig): StoredRun {
  const { run, config: before } = stored;
  if (config === before) return stored;
  const words = filledWords(before, config);
  const environment = words === '' ? run.environment : { ...run.environment, optionsFilledLater: words };
  return { ...stored, config, run: { ...run, environment } };
}

function withOptions(project: ReadableProject, stored: StoredRun): RunConfig {
  const { config } = stored;
  if (config.writtenOut) return config;
  const [first] = isPretextConfig(config)
    ? config.data.pretrain
    : [config.data.finetune ?? config.data.pretrain[0]!];
  const { modality } = requireDataset(project, first!).dataset;
  const encoder = writtenEncoder(config.encoder, modality);
  if (!isPretextConfig(config)) return { ...config, encoder, writtenOut: true };
  const { pretext } = config;
  const writtenFor = writerOf(project, config, modality);
  if (listResumePoints(project, stored.run.id).length === 0) {
    const options = writtenFor(samplesOf(project, stored));
    // Of a candidate those of this round alone: those of later rounds, and of the study, suit their own length.
    return { ...config, encoder, writtenOut: true, pretext: { ...pretext, options } };
  }
  // Its trainer has counted what it sees, and queues and the like have that size in its checkpoint: it counts again.
  return { ...config, encoder, pretext: { ...pretext, options: commonOptions(COUNTS.map(writtenFor)) } };
}

/** All options of a pretraining, by how many samples it sees. */
function writerOf(project: ReadableProject, { data, pretext }: PretextRunConfig, modality: Modality) {
  const { shape, about } = formOf(project, data);
  const context = { modality, inputShape: shape, about, runLength: pretext };
  return (sampleCount: number) => writtenOptions(pretext.task, pretext.options, { ...context, sampleCount });
}

/** Of so few and so many samples: what is not alike of both follows their number. */
const COUNTS = [1, 2 ** 30];

function samplesOf(project: ReadableProject, { run, config }: StoredRun): number {
  const fold = config.fold ? findFold(project, run.studyId, config.fold.number) : null;
  return trainedSamples(project, config.data, fold);
}

/** "near 2, far 12": what the first leaves open, as the second has it. */
function filledWords(before: RunConfig, after: RunConfig): string {
  const open = (from: RunConfig): Record<string, unknown> => ({
    ...from.encoder.options,
    ...(isPretextConfig(from) && from.pretext.options),
  });
  return differences(open(before), open(after)).join(', ');
}

function differences(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  return Object.entries(after).flatMap(([name, value]) => {
    const had = before[name];
    if (isGroup(value)) return differences(isGroup(had) ? had : {}, value).map((words) => `${name}.${words}`);
    return had === undefined
      ? [`${name} ${Array.isArray(value) ? JSON.stringify(value) : String(value)}`]
      : [];
  });
}
