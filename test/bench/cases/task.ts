/** A pretext run by the task's own defaults, or none; then a linear probe on what the encoder gives. */
import { computedType } from '../../../src/contract/data/sample-values.ts';
import { readFileSync, writeFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
import { pretextSchema } from '../../../src/contract/recipe/recipe.ts';
import type { MetricPoint } from '../../../src/contract/entities.ts';
import { SPLIT_CODE } from '../../../src/contract/data/splits/split.ts';
import type { DatasetSelection } from '../../../src/contract/messages/dataset-selection.ts';
import { selectLabels } from '../../../src/learning/downstream/labels.ts';
import { balancedClassWeights } from '../../../src/learning/downstream/model.ts';
import { buildEncoder } from '../../../src/learning/encoders/registry.ts';
import { selectRows } from '../../../src/learning/evaluation/probes/features.ts';
import { fitClassProbe, type LabeledFeatures } from '../../../src/learning/evaluation/probes/linear-probe.ts';
import { classificationScores } from '../../../src/learning/evaluation/metrics/metrics.ts';
import { findPretextTask } from '../../../src/learning/pretext/registry.ts';
import { compileProgram, startTensorFlow, type Program } from '../../../src/tensor/index.ts';
import { readCheckpoint } from '../../../src/training/checkpoints/file.ts';
import { featuresOf } from '../../../src/training/samples/features.ts';
import { embedEntry } from '../../../src/training/samples/embed.ts';
import { runPretext } from '../../../src/training/pretext/run.ts';
import { entriesForAll } from '../../../src/training/samples/reader.ts';
import { recorder } from '../../fixtures/recorder.ts';
import type { ProbeScore, TaskScore, TaskSetting } from '../benches/task-setting.ts';
import { serve } from '../protocol.ts';

const THREADS = 1;
/** Draws of few labels. */
const DRAWS = 3;
/** Fewer than the program tries: the weakest penalties take most of a probe’s time. Alike for random weights. */
const STRENGTHS = [100, 10, 1];
const UNTRAINED = { epochs: 0, findings: [], seconds: 0 };
let setting: TaskSetting;
let dataset: DatasetSelection;

await serve<TaskSetting>({
  async start(options) {
    setting = options;
    dataset = deserialize(readFileSync(setting.selection)) as DatasetSelection;
    return {};
  },
  async run() {
    const trained = setting.task === null ? null : await pretrain(setting.task);
    await startTensorFlow({ threads: THREADS });
    const program = embedding();
    if (trained) {
      const { tensors } = await readCheckpoint(trained.file, trained.sha256);
      const encoder = Object.entries(tensors).filter(([name]) => name.startsWith('encoder/'));
      program.writeState(Object.fromEntries(encoder));
    }
    const { file: _, sha256: __, ...about } = trained ?? { ...UNTRAINED, file: '', sha256: '' };
    const score: TaskScore = { ...(await probe(program)), ...about };
    writeFileSync(setting.output, JSON.stringify(score));
  },
});

interface Pretrained extends Pick<TaskScore, 'epochs' | 'findings' | 'seconds' | 'accuracy'> {
  file: string;
  sha256: string;
}

async function pretrain(task: string): Promise<Pretrained> {
  const { modality, shape } = dataset;
  const sampleCount = dataset.splits.filter((code) => code === SPLIT_CODE.train).length;
  const context = { modality, inputShape: shape, sampleCount };
  const { training } = findPretextTask(task, modality).defaults(context);
  const control = recorder();
  const proposed = pretextSchema.parse({
    ...training,
    ...setting.training,
    task,
    options: setting.options ?? {},
  });
  const pretext = {
    ...proposed,
    probeEveryEpochs: 0,
    checkpointEverySteps: 1_000_000,
    seed: setting.seed,
  };
  const before = process.cpuUsage();
  const outcome = await runPretext(
    {
      kind: 'pretext',
      runId: `bench-${task}-${setting.seed}`,
      projectFolder: setting.work,
      inputShape: shape,
      modality,
      about: dataset.about,
      encoder: setting.encoder,
      threads: THREADS,
      resumeFrom: null,
      startFrom: null,
      pretext,
      includeHeldOut: false,
      datasets: [dataset],
      probeDataset: null,
    },
    control,
  );
  const note = control.checkpoints.findLast(({ kind }) => kind === 'last');
  if (outcome !== 'done' || !note) throw new Error(`The pretext run of ${task} ended as ${outcome}.`);
  const { user, system } = process.cpuUsage(before);
  return {
    file: `${setting.work}/checkpoints/${note.file}`,
    sha256: note.sha256,
    epochs: pretext.epochs,
    findings: control.findings.map(({ kind, epoch }) => `${kind} in epoch ${Math.ceil(epoch)}`),
    seconds: Math.round((user + system) / 1e6),
    ...accuracyAtTheEnd(control.points),
  };
}

/** Of the last tenth of the steps; nothing for tasks that do not count their answers. */
function accuracyAtTheEnd(points: readonly MetricPoint[]): Pick<TaskScore, 'accuracy'> {
  const end = points.at(-1)?.step ?? 0;
  const last = points
    .filter(({ step, values }) => step > 0.9 * end && values['accuracy'] !== undefined)
    .map(({ values }) => values['accuracy']!);
  return last.length === 0 ? {} : { accuracy: last.reduce((sum, value) => sum + value, 0) / last.length };
}

function embedding(): Program {
  const { modality, shape, dtype, channelStatistics } = dataset;
  const encoder = buildEncoder(setting.encoder, modality, shape);
  const sample = { shape, dtype: computedType(dtype) };
  return compileProgram(
    { ...encoder.parameters(setting.seed), ...encoder.statistics() },
    entriesForAll('embed', (batchSize) => embedEntry({ encoder, channelStatistics, sample, batchSize })),
  );
}

/**
 * As the program's own linear probe: standardised features, classes weighed alike, the penalty chosen on all
 * validation samples.
 */
async function probe(program: Program): Promise<Pick<TaskScore, 'few' | 'all'>> {
  const part = async (split: keyof typeof SPLIT_CODE): Promise<LabeledFeatures> => {
    const indices = Int32Array.from(dataset.classIds.keys()).filter(
      (index) => dataset.splits[index] === SPLIT_CODE[split] && dataset.classIds[index]! >= 0,
    );
    const targets = indices.map((index) => dataset.classIds[index]!);
    return { features: await featuresOf(program, dataset, indices), targets };
  };
  const [train, validation, test] = [await part('train'), await part('validation'), await part('test')];
  const classes = dataset.classNames.length;
  const scoreOn = (labeled: LabeledFeatures): ProbeScore => {
    const classWeights = balancedClassWeights(Int32Array.from(labeled.targets), classes);
    const fitted = fitClassProbe(labeled, validation, classes, { classWeights, strengths: STRENGTHS });
    const scores = classificationScores(test.targets, fitted.predict(test.features), classes);
    return { validation: fitted.validation, test: scores.balancedAccuracy };
  };
  const draws = Array.from({ length: DRAWS }, (_, draw) => {
    const chosen = selectLabels(train.targets, { perClass: setting.perClass }, draw + 1);
    return scoreOn({
      features: selectRows(train.features, chosen),
      targets: chosen.map((place) => train.targets[place]!),
    });
  });
  const mean = (kind: keyof ProbeScore) => draws.reduce((sum, score) => sum + score[kind], 0) / DRAWS;
  return { few: { validation: mean('validation'), test: mean('test') }, all: scoreOn(train) };
}
