/**
 * Options of task and encoder that a recipe leaves out: written into runs as they are planned, so that a run that is
 * begun, paused or waits goes on with the same, whatever a later version takes where nothing is said.
 */
import { PretextError } from '../../contract/errors.ts';
import { isPretextConfig, type RunConfig } from '../../contract/recipe/run-config.ts';
import { writtenEncoder, writtenOptions } from '../../learning/catalogue.ts';
import {
  listRunsOf,
  updateRun,
  type ReadableProject,
  type StoredRun,
  type WritableProject,
} from '../../project/index.ts';
import { formOf, requireDataset } from '../datasets/selection.ts';
import { trainedSamples } from '../datasets/trained-samples.ts';

/** Of a study that is planned, whose data are there: of its runs that have not begun. */
export function writeOptionsOut(project: WritableProject, studyId: string): void {
  for (const { run, config } of listRunsOf(project, studyId))
    if (run.startedAt === null && !config.writtenOut)
      updateRun(project, run.id, { config: writtenIfFitting(project, config) });
}

/** What does not suit the data stays as it is: the run says so when it starts, and those beside it go on. */
function writtenIfFitting(project: ReadableProject, config: RunConfig): RunConfig {
  try {
    return withOptions(project, config);
  } catch (thrown) {
    if (thrown instanceof PretextError) return config;
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
  const begun = filled(stored, withOptions(project, stored.config));
  return begun === stored ? stored : keepOptions(project, begun);
}

/** The same of a run that is packed for another machine; nothing is kept before the bundle is there. */
export const withOptionsToPack = (project: ReadableProject, stored: StoredRun): StoredRun =>
  filled(stored, writtenIfFitting(project, stored.config));

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

function withOptions(project: ReadableProject, config: RunConfig): RunConfig {
  if (config.writtenOut) return config;
  const [first] = isPretextConfig(config)
    ? config.data.pretrain
    : [config.data.finetune ?? config.data.pretrain[0]!];
  const { modality } = requireDataset(project, first!).dataset;
  const { shape, about } = formOf(project, config.data);
  const common = {
    encoder: writtenEncoder(config.encoder, modality, shape, about),
    writtenOut: true as const,
  };
  if (!isPretextConfig(config)) return { ...config, ...common };
  const context = { modality, inputShape: shape, about, sampleCount: trainedSamples(project, config.data) };
  const open = { ...config.pretext };
  const options = writtenOptions(open.task, open.options, { ...context, runLength: open });
  // Of a candidate the options of this round alone: those of later rounds, and of the study, suit their own length.
  return { ...config, ...common, pretext: { ...open, options } };
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

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
