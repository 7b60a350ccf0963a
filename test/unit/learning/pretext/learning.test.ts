import { describe, expect, it } from 'vitest';
import { selectLabels } from '../../../../src/learning/downstream/labels.ts';
import { selectRows, type FeatureMatrix } from '../../../../src/learning/evaluation/probes/features.ts';
import { fitClassProbe } from '../../../../src/learning/evaluation/probes/linear-probe.ts';
import { classificationScores } from '../../../../src/learning/evaluation/metrics/metrics.ts';
import { compileProgram } from '../../../../src/tensor/index.ts';
import { embedAll, pretextEntries, trainSteps, type Setting } from '../programs.ts';
import { colorStripeImages, letterImages, stripeImages, waveSignals } from '../synthetic.ts';

const unlabeled = 512;
const held = 256;
const steps = 160;
const batchSize = 64;

const common = { batchSize, encoder: 'residual' };
const image = {
  ...common,
  modality: 'image' as const,
  inputShape: [16, 16, 1],
  encoderOptions: { width: 8, features: 32, stages: 3 },
};
const signal = {
  ...common,
  modality: 'signal' as const,
  inputShape: [64, 2],
  encoderOptions: { width: 16, features: 32, stages: 2 },
};
interface LearningSetting extends Setting {
  make: typeof letterImages | typeof waveSignals;
  /** Steps before the loss counts: a queue that begins with random directions is easy at first. */
  lossFrom?: number;
  /** What is left of the loss at most; default 0.9. */
  left?: number;
  /** More of them where a step reads little of each sample. */
  steps?: number;
}
const gentle = { signalViews: { cropProbability: 0.8, cropMinimum: 0.7 } };
/** Waves are told by their form: stretching them is what is to be overlooked. */
const stretched = { signalViews: { cropProbability: 0.8 } };
/** Mirrored, stripes of two of the directions are each other. */
const upright = { imageViews: { flipProbability: 0 } };

const tokens = (patch: number) => ({
  encoder: 'vit',
  encoderOptions: { width: 32, depth: 2, heads: 2, patch },
});
/** Each task on data that has what it learns from: an upright position, objects, structure that goes on. */
const settings: LearningSetting[] = [
  { ...image, task: 'rotation', make: letterImages },
  { ...image, task: 'simclr', make: letterImages },
  { ...image, task: 'masked-reconstruction', make: stripeImages },
  { ...signal, task: 'simclr', make: waveSignals, options: gentle },
  { ...signal, task: 'masked-reconstruction', make: waveSignals },
  { ...signal, task: 'denoising', make: waveSignals },
  { ...image, inputShape: [16, 16, 3], task: 'colorization', make: colorStripeImages },
  { ...image, task: 'context-encoder', make: stripeImages },
  { ...image, task: 'denoising', make: stripeImages },
  { ...image, inputShape: [16, 16, 3], task: 'split-brain', make: colorStripeImages },
  { ...image, task: 'moco-v2', make: letterImages, options: { momentum: 0.97 }, lossFrom: 60, left: 0.97 },
  { ...image, task: 'moco-v3', make: letterImages, options: { momentum: 0.95 } },
  { ...image, task: 'nnclr', make: letterImages },
  // A small crop would hardly ever show a letter.
  { ...image, task: 'swav', make: letterImages, options: { smallCrops: { count: 0 } }, left: 0.93 },
  { ...image, task: 'supcon', make: letterImages },
  { ...signal, task: 'moco-v2', make: waveSignals, options: { ...gentle, momentum: 0.97 }, lossFrom: 20 },
  { ...signal, task: 'moco-v3', make: waveSignals, options: { ...gentle, momentum: 0.95 } },
  { ...signal, task: 'nnclr', make: waveSignals, options: gentle },
  { ...signal, task: 'swav', make: waveSignals, options: gentle },
  { ...signal, task: 'supcon', make: waveSignals, options: gentle },
  ...['byol', 'simsiam', 'barlow-twins', 'vicreg', 'w-mse'].flatMap((task) => [
    { ...image, task, make: stripeImages, options: upright },
    { ...signal, task, make: waveSignals, options: stretched },
  ]),
  { ...signal, ...tokens(4), task: 'masked-autoencoder', make: waveSignals, steps: 320 },
  { ...image, task: 'dino', make: stripeImages, options: { ...upright, smallCrops: { count: 0 } } },
  { ...signal, task: 'dino', make: waveSignals, options: stretched },
];

/** Mean accuracy of linear probes on few labels, chosen on other features, tested on samples never seen. */
function probe(train: FeatureMatrix, trainIds: Int32Array, test: FeatureMatrix, testIds: Int32Array): number {
  const accuracies = [1, 2, 3].map((seed) => {
    const chosen = selectLabels(trainIds, { perClass: 10 }, seed);
    const few = { features: selectRows(train, chosen), targets: chosen.map((i) => trainIds[i]!) };
    const found = fitClassProbe(few, few, 4, { strengths: [1] });
    return classificationScores(testIds, found.predict(test), 4).accuracy;
  });
  return accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length;
}

describe.each(settings)('$task on $modality', (setting) => {
  it('learns: its loss falls, and a linear probe finds more than in random weights', () => {
    const [train, test] = [setting.make(unlabeled, 1), setting.make(held, 2)];
    const { initial, entries, encoder, needsLabels } = pretextEntries(setting);
    const program = compileProgram(initial, { train: entries.train, embed: entries.embed });
    const score = () =>
      probe(
        embedAll(program, train.values, setting, encoder.featureCount),
        train.classIds,
        embedAll(program, test.values, setting, encoder.featureCount),
        test.classIds,
      );
    const before = score();
    const labels = needsLabels ? train.classIds : undefined;
    const count = setting.steps ?? steps;
    const losses = trainSteps(program, train.values, setting, count, labels).map(({ loss }) => loss!);
    const after = score();
    program.dispose();
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const { lossFrom = 0, left = 0.9 } = setting;
    expect(mean(losses.slice(-10))).toBeLessThan(left * mean(losses.slice(lossFrom, lossFrom + 5)));
    expect(after).toBeGreaterThan(before + 0.05);
  });
});
