import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encoders } from '../../../../src/learning/encoders/registry.ts';
import {
  familiesFor,
  findPretextTask,
  pretextOptions,
  pretextTasks,
  writtenOptions,
} from '../../../../src/learning/pretext/registry.ts';
import { compileProgram, eagerProgram, seedOf, type Program } from '../../../../src/tensor/index.ts';
import type { SampleFact } from '../../../../src/learning/pretext/task.ts';
import { bytesOf, signalsOf } from '../helpers.ts';
import { pretextEntries, type Setting } from '../programs.ts';
import { tableRows } from '../tables.ts';
import { smallOptionsOf } from '../small-encoders.ts';

const shapes: Record<string, number[]> = { image: [16, 12, 3], signal: [40, 3], table: [6] };
const batchSize = 8;
const samplesOf = (modality: string) =>
  modality === 'table'
    ? tableRows(batchSize)
    : modality === 'image'
      ? Uint8Array.from(bytesOf([batchSize, 16, 12, 3]).dataSync())
      : (signalsOf(batchSize, 40, 3).dataSync() as Float32Array);

const worstDifference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);

/** Tasks that use an encoder in all ways there are: features of one view and two, maps, crops of other sides. */
const thorough = ['simclr', 'rotation', 'masked-reconstruction', 'swav', 'jigsaw'];
/** Networks of one field differ in their layers, not in what tasks ask of them. */
const ofOneField = /^(eeg|shallow|deep|stager|tiny|inception|patch)/;

/** Every task with one encoder, and those that differ in what they ask of it with all that fit. */
const settings: Setting[] = pretextTasks.flatMap((task) =>
  task.modalities.flatMap((modality) =>
    encoders
      .filter((encoder) => encoder.modalities.includes(modality))
      .filter((encoder) => familiesFor(task).includes(encoder.id))
      .filter((encoder) => encoder.id === 'residual' || task.needs || thorough.includes(task.id))
      .filter((encoder) => task.id === 'masked-reconstruction' || !ofOneField.test(encoder.id))
      // Windows of 40 points leave its recurrent layer one place, where some of its weights have nothing to do.
      .filter((encoder) => encoder.id !== 'tiny-sleep-net')
      .map((encoder) => ({
        task: task.id,
        encoder: encoder.id,
        modality,
        inputShape: shapes[modality]!,
        batchSize,
        encoderOptions: smallOptionsOf(encoder.id),
        // Small crops too, which the task leaves out where images are as small as these.
        ...(task.id === 'swav' && { options: { smallCrops: { count: 2 } } }),
      })),
  ),
);

/** Two groups of two recordings each; the last sample has no companion. */
function factsOf(modality: string, asks: readonly SampleFact[], each: number) {
  const samples = samplesOf(modality);
  const size = samples.length / batchSize;
  const companions = samples.slice(0, 0).constructor as Uint8ArrayConstructor;
  const all = new companions(samples.length * each);
  for (let place = 0; place < batchSize * each; place++) {
    const row = (3 * place + 1) % batchSize;
    all.set(samples.subarray(row * size, (row + 1) * size), place * size);
  }
  const facts: Record<SampleFact, Float32Array | Int32Array | Uint8Array> = {
    group: Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1),
    recording: Int32Array.of(0, 0, 1, 1, 2, 2, 3, 3),
    time: Float32Array.of(0, 40, 0, 200, 0, 80, 0, 400),
    companions: all,
    found: Float32Array.from({ length: batchSize * each }, (_, place) =>
      Number(place < (batchSize - 1) * each),
    ),
  };
  return Object.fromEntries(asks.map((fact) => [`fact-${fact}`, facts[fact]]));
}

it.each(pretextTasks.flatMap((task) => task.modalities.map((modality) => [task.id, modality] as const)))(
  'options of %s for %s, written out, are what they are when they are read again',
  (task, modality) => {
    const inputShape = ({ image: [32, 32, 3], signal: [128, 8], table: [6] } as typeof shapes)[modality]!;
    const context = { modality, inputShape, sampleCount: 5000, about: { samplingRate: 200 } };
    const written = writtenOptions(task, {}, context);
    // As they are kept.
    const kept = JSON.parse(JSON.stringify(written)) as Record<string, unknown>;
    expect(writtenOptions(task, kept, context)).toEqual(written);
    expect(pretextOptions(task, kept, context)).toEqual(pretextOptions(task, {}, context));
    const fields = Object.keys(written).filter((name) => name.endsWith('Views'));
    expect(fields.filter((name) => name !== `${modality}Views`)).toEqual([]);
  },
);

describe.each(settings)('$task with $encoder on $modality', (setting) => {
  const { model, initial, entries, needsLabels, asks, companions } = pretextEntries(setting);
  const inputs = (step: number) => ({
    samples: samplesOf(setting.modality),
    ...(needsLabels && { labels: Int32Array.of(0, 1, 0, 2, 1, 1, 2, 0) }),
    ...factsOf(setting.modality, asks, companions?.count ?? 0),
    seed: seedOf(3, step),
    // In the middle of a run, when no task keeps anything back.
    progress: 0.5,
  });
  // One program for both tests: compiling it is nearly all that they take.
  let program: Program;
  beforeAll(() => {
    program = compileProgram(initial, { train: entries.trainWithSlopes });
  });
  afterAll(() => program.dispose());

  it('gives the same loss and gradients compiled as op by op, and every parameter has one', () => {
    const eager = eagerProgram(initial, { slopes: entries.slopes });
    // Not step 0: there a rectifier's input is so near to 0 that rounding decides whether it lets the gradient through.
    const expected = eager.run('slopes', inputs(1));
    const found = program.run('train', inputs(1));
    expect(Object.keys(found).sort()).toEqual(['loss', ...Object.keys(model.parameters(1))].sort());
    const sizeOf = (values: ArrayLike<number>) => worstDifference(values, new Float32Array(values.length));
    const { loss: _, ...slopes } = expected;
    // An offset whose effect a later batch norm takes away has a gradient of rounding errors only.
    const rounding = 0.01 * Math.max(...Object.values(slopes).map(sizeOf));
    for (const [name, values] of Object.entries(expected)) {
      const largest = sizeOf(values);
      expect(largest, name).toBeGreaterThan(0);
      const difference = worstDifference(found[name]!, values);
      expect(difference / Math.max(largest, rounding), name).toBeLessThan(1e-3);
    }
    eager.dispose();
  });

  it('moves its statistics, and repeats itself bit by bit from the same seed and state', () => {
    const before = program.readState();
    const first = program.run('train', inputs(0));
    const after = program.readState();
    program.writeState(before);
    expect(program.run('train', inputs(0))).toEqual(first);
    expect(program.readState()).toEqual(after);
    for (const name of Object.keys(model.statistics()))
      expect(after[name]!.values).not.toEqual(before[name]!.values);
  });
});

describe('the registry of tasks', () => {
  it('fills options from the task’s proposals for the data; the recipe’s own win', () => {
    const context = { modality: 'image' as const, inputShape: [56, 56, 1], sampleCount: 1000 };
    expect(pretextOptions('masked-reconstruction', {}, context)).toMatchObject({
      imagePatch: 8,
      maskRatio: 0.6,
    });
    expect(pretextOptions('masked-reconstruction', { imagePatch: 2 }, context)).toMatchObject({
      imagePatch: 2,
    });
  });

  it('keeps what is proposed of a group of options that the recipe sets in part', () => {
    const context = { modality: 'image' as const, inputShape: [28, 28, 1], sampleCount: 1000 };
    // Small images get no small crops, although the option's own default is some.
    expect(pretextOptions('swav', {}, context)).toMatchObject({ smallCrops: { count: 0 } });
    expect(pretextOptions('swav', { smallCrops: { cropMaximum: 0.3 } }, context)).toMatchObject({
      smallCrops: { count: 0, cropMaximum: 0.3 },
    });
  });

  it('says which tasks there are for the kind of data, and what is wrong with an option', () => {
    expect(() => findPretextTask('rotation', 'signal')).toThrow(
      'There is no pretext task "rotation" for data of kind signal.',
    );
    const context = { modality: 'signal' as const, inputShape: [128, 8], sampleCount: 1000 };
    expect(() => pretextOptions('simclr', { temperature: 5 }, context)).toThrow(
      'pretext.options.temperature: must be a number from 0.01 to 2. Found: 5.',
    );
  });

  it('proposes batches that small data can fill', () => {
    for (const task of pretextTasks)
      for (const modality of task.modalities) {
        const context = { modality, inputShape: shapes[modality]!, sampleCount: 200 };
        expect(task.defaults(context).training.batchSize).toBeLessThanOrEqual(100);
      }
  });
});
