/** A short pretext run by the task's own defaults, or none; then a linear probe on what the encoder gives. */
import { readFileSync, writeFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
import { pretextSchema } from '../../../src/contract/recipe.ts';
import { SPLIT_CODE, type DatasetSelection } from '../../../src/contract/trainer.ts';
import { buildEncoder } from '../../../src/learning/encoders/registry.ts';
import { fitClassProbe } from '../../../src/learning/evaluation/linear-probe.ts';
import { classificationScores } from '../../../src/learning/evaluation/metrics.ts';
import { findPretextTask } from '../../../src/learning/pretext/registry.ts';
import { compileProgram, startTensorFlow, type Program } from '../../../src/tensor/index.ts';
import { readCheckpoint } from '../../../src/training/checkpoint-file.ts';
import { featuresOf } from '../../../src/training/features.ts';
import { embedEntry } from '../../../src/training/pretext-program.ts';
import { runPretext } from '../../../src/training/pretext-run.ts';
import { entriesForAll } from '../../../src/training/sample-reader.ts';
import { recorder } from '../../fixtures/recorder.ts';
import type { TaskSetting } from '../benches/task-setting.ts';
import { serve } from '../protocol.ts';

const FEATURES = 128;
const THREADS = 1;
let setting: TaskSetting;
let dataset: DatasetSelection;

await serve<TaskSetting>({
  async start(options) {
    setting = options;
    dataset = deserialize(readFileSync(setting.selection)) as DatasetSelection;
    return {};
  },
  async run() {
    const file = setting.task === null ? null : await pretrain(setting.task);
    await startTensorFlow({ threads: THREADS });
    const program = embedding();
    if (file !== null) {
      const { tensors } = await readCheckpoint(file.path, file.sha256);
      const encoder = Object.entries(tensors).filter(([name]) => name.startsWith('encoder/'));
      program.writeState(Object.fromEntries(encoder));
    }
    writeFileSync(setting.output, JSON.stringify({ score: await probe(program) }));
  },
});

async function pretrain(task: string): Promise<{ path: string; sha256: string }> {
  const { modality, shape } = dataset;
  const sampleCount = dataset.splits.filter((code) => code === SPLIT_CODE.train).length;
  const context = { modality, inputShape: shape, sampleCount };
  const { training } = findPretextTask(task, modality).defaults(context);
  const control = recorder();
  const pretext = pretextSchema.parse({
    ...training,
    task,
    epochs: setting.epochs,
    probeEveryEpochs: 0,
    checkpointEverySteps: 1_000_000,
    seed: setting.seed,
  });
  const outcome = await runPretext(
    {
      kind: 'pretext',
      runId: `bench-${task}-${setting.seed}`,
      projectFolder: setting.work,
      inputShape: shape,
      modality,
      encoder: encoderChoice(),
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
  return { path: `${setting.work}/checkpoints/${note.file}`, sha256: note.sha256 };
}

function encoderChoice() {
  return {
    family: setting.encoder,
    options: setting.encoder === 'residual' ? { features: FEATURES } : {},
  };
}

function embedding(): Program {
  const { modality, shape, dtype, channelStatistics } = dataset;
  const encoder = buildEncoder(encoderChoice(), modality, shape);
  const sample = { shape, dtype };
  return compileProgram(
    { ...encoder.parameters(setting.seed), ...encoder.statistics() },
    entriesForAll('embed', (batchSize) => embedEntry({ encoder, channelStatistics, sample, batchSize })),
  );
}

/** Trained on all labels of the training split, its penalty chosen on validation samples, scored on test samples. */
async function probe(program: Program): Promise<number> {
  const part = async (split: keyof typeof SPLIT_CODE) => {
    const indices = Int32Array.from(dataset.classIds.keys()).filter(
      (index) => dataset.splits[index] === SPLIT_CODE[split] && dataset.classIds[index]! >= 0,
    );
    const targets = indices.map((index) => dataset.classIds[index]!);
    return { features: await featuresOf(program, dataset, indices), targets };
  };
  const [train, validation, test] = [await part('train'), await part('validation'), await part('test')];
  const { predict } = fitClassProbe(train, validation, dataset.classNames.length);
  return classificationScores(test.targets, predict(test.features), dataset.classNames.length)
    .balancedAccuracy;
}
