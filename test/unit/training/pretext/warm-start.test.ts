import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { pretextSchema } from '../../../../src/contract/recipe/recipe.ts';
import type { DatasetSelection } from '../../../../src/contract/messages/dataset-selection.ts';
import type { PretextInputs } from '../../../../src/training/inputs.ts';
import { buildEncoder } from '../../../../src/learning/encoders/registry.ts';
import { compileProgram, startTensorFlow, type StateArrays } from '../../../../src/tensor/index.ts';
import { readCheckpoint, writeCheckpoint } from '../../../../src/training/checkpoints/file.ts';
import { planPretext } from '../../../../src/training/pretext/plan.ts';
import { firstPosition } from '../../../../src/training/pretext/position.ts';
import { runPretext } from '../../../../src/training/pretext/run.ts';
import { warmStart } from '../../../../src/training/pretext/warm-start.ts';
import { recorder, type Recorder } from '../../../fixtures/recorder.ts';
import { writeStripes } from '../../../fixtures/stripes.ts';

let folder: string;
let first: DatasetSelection;
let second: DatasetSelection;
let start: NonNullable<PretextInputs['startFrom']>;
let weights: StateArrays;

const encoder = { family: 'residual', options: { width: 8, stages: 2, features: 16 } };
const job = (runId: string, dataset: DatasetSelection, more: Partial<PretextInputs> = {}): PretextInputs => ({
  kind: 'pretext',
  runId,
  projectFolder: folder,
  inputShape: dataset.shape,
  modality: dataset.modality,
  encoder,
  threads: 2,
  resumeFrom: null,
  startFrom: null,
  pretext: pretextSchema.parse({ task: 'rotation', epochs: 1, batchSize: 32, seed: 3, probeEveryEpochs: 0 }),
  includeHeldOut: false,
  datasets: [dataset],
  probeDataset: null,
  ...more,
});
const placeOf = (record: Recorder) => {
  const note = record.checkpoints.filter(({ kind }) => kind === 'last').at(-1)!;
  return { file: join(folder, 'checkpoints', note.file), sha256: note.sha256 };
};
const encoderOf = (tensors: StateArrays) =>
  Object.fromEntries(Object.entries(tensors).filter(([name]) => name.startsWith('encoder/')));

beforeAll(async () => {
  await startTensorFlow({ threads: 2 });
  folder = await mkdtemp(join(tmpdir(), 'pretext-warm-'));
  first = await writeStripes(folder, 320);
  second = await writeStripes(folder, 320, 'others');
  const record = recorder();
  expect(await runPretext(job('first', first), record)).toBe('done');
  start = { id: 'origin', ...placeOf(record) };
  weights = (await readCheckpoint(start.file)).tensors;
});

describe('a pretext run that starts from a checkpoint', () => {
  it('has its encoder’s weights and statistics before the first step, and new heads', async () => {
    const warm = job('warm', second, { startFrom: start });
    const plan = await planPretext(warm, recorder(), firstPosition());
    const fresh = plan.program.readState();
    const report = await warmStart(plan.program, warm);
    const begun = plan.program.readState();
    await plan.source.close();
    plan.program.dispose();
    expect(Object.keys(encoderOf(begun)).length).toBeGreaterThan(10);
    expect(encoderOf(begun)).toEqual(encoderOf(weights));
    expect(begun['encoder/stem/norm/mean']).not.toEqual(fresh['encoder/stem/norm/mean']);
    expect(begun['head/kernel']).toEqual(fresh['head/kernel']);
    expect(begun['head/kernel']).not.toEqual(weights['head/kernel']);
    expect(report!.taken.map(({ name }) => name).sort()).toEqual(Object.keys(encoderOf(weights)).sort());
    expect(report!.missing).toEqual([]);
  });

  it('tells where it started, and continues after a pause from where it was', async () => {
    const whole = recorder();
    expect(await runPretext(job('whole', second, { startFrom: start }), whole)).toBe('done');
    expect(whole.environments).toMatchObject({ startedFrom: 'origin', startedWithoutTensors: 0 });
    expect(whole.reports).toHaveLength(1);
    const before = recorder((step) => (step === 3 ? 'pause' : null));
    expect(await runPretext(job('parts', second, { startFrom: start }), before)).toBe('paused');
    const after = recorder();
    const resumed = job('parts', second, { startFrom: start, resumeFrom: placeOf(before) });
    expect(await runPretext(resumed, after)).toBe('done');
    const [expected, found] = await Promise.all(
      [whole, after].map(async (record) => (await readCheckpoint(placeOf(record).file)).tensors),
    );
    expect(found).toEqual(expected);
    expect(encoderOf(found!)).not.toEqual(encoderOf(weights));
    expect(after.reports).toEqual([]);
  });

  it('refuses another family or another width, and says what differs', async () => {
    const tried = (changed: PretextInputs['encoder']) =>
      runPretext(job('refused', second, { startFrom: start, encoder: changed }), recorder());
    await expect(tried({ family: 'plain', options: {} })).rejects.toThrow(
      'Pretraining cannot start from the checkpoint “origin”: its encoder differs from the recipe’s: family residual and plain.',
    );
    await expect(
      tried({ family: 'residual', options: { width: 16, features: 16, stages: 2 } }),
    ).rejects.toThrow('width 8 and 16');
  });

  it('refuses a checkpoint that pretraining did not write', async () => {
    const file = join(folder, 'other.safetensors');
    const written = await writeCheckpoint(file, { tensors: weights, metadata: { stage: 'finetune' } });
    const other = { id: 'other', file, sha256: written.sha256 };
    await expect(runPretext(job('refused', second, { startFrom: other }), recorder())).rejects.toThrow(
      'it was not written by a pretext run',
    );
  });

  it('keeps random weights where the number of channels differs, and lists them', async () => {
    const inColor = { ...second, shape: [12, 12, 3] };
    const network = buildEncoder(encoder, 'image', inColor.shape);
    const initial = { ...network.parameters(1), ...network.statistics() };
    const program = compileProgram(initial, {});
    const report = await warmStart(program, job('color', inColor, { startFrom: start }));
    const state = program.readState();
    program.dispose();
    expect(report!.missing.map(({ name }) => name)).toEqual(['encoder/stem/convolution/kernel']);
    expect(state['encoder/stem/convolution/kernel']!.shape).toEqual([3, 3, 3, 8]);
    expect(state['encoder/stage1/block0/first/convolution/kernel']).toEqual(
      weights['encoder/stage1/block0/first/convolution/kernel'],
    );
  });
});
