import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finetuneSchema, pretextSchema } from '../../../src/contract/recipe/recipe.ts';
import type { DatasetSelection } from '../../../src/contract/messages/dataset-selection.ts';
import type { FinetuneInputs, PretextInputs } from '../../../src/training/inputs.ts';
import {
  convolutionalEncoder,
  defineEncoder,
  type EncoderDefinition,
} from '../../../src/learning/encoders/encoder.ts';
import { encoders } from '../../../src/learning/encoders/registry.ts';
import { stageShapes } from '../../../src/learning/encoders/stages.ts';
import { convolutionUnit } from '../../../src/learning/layers/convolution.ts';
import { seedOf as seedOfLayer, type Layer } from '../../../src/learning/layers/layer.ts';
import { compileProgram, dropout, eagerProgram, seedOf } from '../../../src/tensor/index.ts';
import { readCheckpoint } from '../../../src/training/checkpoints/file.ts';
import { runFinetune } from '../../../src/training/finetune/run.ts';
import { runPretext } from '../../../src/training/pretext/run.ts';
import { recorder, type Recorder } from '../../fixtures/recorder.ts';
import { writeStripes } from '../../fixtures/stripes.ts';
import { bytesOf } from '../learning/helpers.ts';
import { pretextEntries } from '../learning/programs.ts';

const losing: Layer = {
  parameters: [],
  statistics: [],
  apply(x, pass) {
    const seed = seedOfLayer(pass, 'losing');
    return seed ? dropout(x, 0.3, seed) : x;
  },
};

/** Two convolutions, and between them values that are lost at random: an encoder that no source knows of. */
const forgetful = defineEncoder({
  id: 'forgetful',
  title: 'Forgetful',
  summary: 'Loses values while it learns.',
  options: z.strictObject({}),
  build(_options, inputShape) {
    const unit = (name: string, inputs: number, outputs: number, stride: number) => ({
      endsStage: true,
      layer: convolutionUnit({ name: `encoder/${name}`, dimensions: 2, size: 3, inputs, outputs, stride }),
    });
    return convolutionalEncoder({
      inputShape,
      blocks: [
        unit('first', inputShape.at(-1)!, 8, 2),
        { layer: losing, endsStage: false },
        unit('second', 8, 16, 2),
      ],
      stageShapes: stageShapes(inputShape.slice(0, -1), [8, 16], [2, 2]),
    });
  },
});

let folder: string;
let dataset: DatasetSelection;
beforeAll(async () => {
  (encoders as EncoderDefinition[]).push(forgetful);
  folder = await mkdtemp(join(tmpdir(), 'pretext-random-'));
  dataset = await writeStripes(folder, 640);
});
afterAll(() => void (encoders as EncoderDefinition[]).pop());

const placeOf = (record: Recorder) => {
  const { file, sha256 } = record.checkpoints.filter(({ kind }) => kind === 'last').at(-1)!;
  return { file: join(folder, 'checkpoints', file), sha256 };
};
const shared = (runId: string) => ({
  runId,
  projectFolder: folder,
  inputShape: dataset.shape,
  modality: dataset.modality,
  encoder: { family: 'forgetful', options: {} },
  threads: 2,
  resumeFrom: null,
});
const pretextJob = (runId: string, task: string, more: Partial<PretextInputs> = {}): PretextInputs => ({
  kind: 'pretext',
  ...shared(runId),
  pretext: pretextSchema.parse({ task, epochs: 1, batchSize: 32, probeEveryEpochs: 1, seed: 5 }),
  startFrom: null,
  includeHeldOut: false,
  datasets: [dataset],
  probeDataset: null,
  ...more,
});
const finetuneJob = (runId: string, more: Partial<FinetuneInputs> = {}): FinetuneInputs => ({
  kind: 'finetune',
  ...shared(runId),
  arm: 'baseline',
  budget: { perClass: 8 },
  metric: 'balanced-accuracy',
  target: 'classes',
  finetune: finetuneSchema.parse({ seeds: 1, epochs: 4, minimumSteps: 20, batchSize: 16, patience: 0 }),
  dataset,
  checkpoint: null,
  finishedSeeds: [],
  ...more,
});
const tensorsOf = async (record: Recorder) => (await readCheckpoint(placeOf(record).file)).tensors;

describe('an encoder that is random while it learns', () => {
  it('loses the same values compiled as op by op, others in each step, and none outside of training', () => {
    const setting = {
      task: 'byol',
      encoder: 'forgetful',
      modality: 'image',
      inputShape: [16, 16, 1],
      batchSize: 8,
    };
    const { initial, entries } = pretextEntries(setting);
    const samples = Uint8Array.from(bytesOf([8, 16, 16, 1]).dataSync());
    const programs = [eagerProgram, compileProgram].map((make) => make(initial, entries));
    const slopes = programs.map((program) =>
      [1, 2, 1].map((step) => program.run('slopes', { samples, seed: seedOf(3, step), progress: 0.5 })),
    );
    const [eager, compiled] = slopes as [(typeof slopes)[0], (typeof slopes)[0]];
    eager.forEach((outputs, at) => {
      const sizeOf = (values: ArrayLike<number>) => Math.max(...Array.from(values, Math.abs));
      const { loss: _, ...gradients } = outputs;
      // An offset whose effect a later batch norm takes away has a gradient of rounding errors only.
      const rounding = 0.01 * Math.max(...Object.values(gradients).map(sizeOf));
      for (const [name, values] of Object.entries(outputs)) {
        const differences = Array.from(values, (value, place) => compiled[at]![name]![place]! - value);
        expect(sizeOf(differences) / Math.max(sizeOf(values), rounding), name).toBeLessThan(1e-3);
      }
    });
    expect(eager[2]).toEqual(eager[0]);
    expect(eager[1]!['loss']).not.toEqual(eager[0]!['loss']);
    const [features, again] = [
      programs[1]!.run('embed', { samples }),
      programs[1]!.run('embed', { samples }),
    ];
    expect(again).toEqual(features);
    for (const program of programs) program.dispose();
  });

  it('trains, under a target network too, and goes on after a pause bit for bit as if nothing had happened', async () => {
    const [whole, first, second] = [
      recorder(),
      recorder((step) => (step === 7 ? 'pause' : null)),
      recorder(),
    ];
    expect(await runPretext(pretextJob('whole', 'byol'), whole)).toBe('done');
    expect(await runPretext(pretextJob('parts', 'byol'), first)).toBe('paused');
    expect(await runPretext(pretextJob('parts', 'byol', { resumeFrom: placeOf(first) }), second)).toBe(
      'done',
    );
    expect(await tensorsOf(second)).toEqual(await tensorsOf(whole));
  });

  it('is fine-tuned, and that too goes on bit for bit', async () => {
    const [whole, first, second] = [
      recorder(),
      recorder((step) => (step === 9 ? 'pause' : null)),
      recorder(),
    ];
    expect(await runFinetune(finetuneJob('ft-whole'), whole)).toBe('done');
    expect(await runFinetune(finetuneJob('ft-parts'), first)).toBe('paused');
    expect(await runFinetune(finetuneJob('ft-parts', { resumeFrom: placeOf(first) }), second)).toBe('done');
    expect(second.rows).toEqual(whole.rows);
  });
});
