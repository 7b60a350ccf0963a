import { describe, expect, it } from 'vitest';
import { compileProgram } from '../../../../src/tensor/index.ts';
import { pretextEntries, trainSteps, type Setting } from '../programs.ts';
import { growingSignals, letterImages, stripeImages, waveSignals, type Synthetic } from '../synthetic.ts';

const common = { batchSize: 64, encoder: 'residual' };
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

interface Case extends Setting {
  make(count: number, seed: number): Synthetic<Uint8Array | Float32Array>;
  /** What is measured, what guessing gives, and what must be reached in 160 steps. */
  metric: string;
  chance: number;
  reached: number;
}
const cases: Case[] = [
  { ...image, task: 'patch-position', make: letterImages, metric: 'accuracy', chance: 1 / 8, reached: 0.2 },
  {
    ...image,
    task: 'jigsaw',
    options: { imageGrid: 2, permutations: 24 },
    make: letterImages,
    metric: 'accuracy',
    chance: 1 / 24,
    reached: 0.15,
  },
  { ...signal, task: 'jigsaw', make: growingSignals, metric: 'accuracy', chance: 1 / 24, reached: 0.15 },
  {
    ...signal,
    task: 'temporal-order',
    make: growingSignals,
    metric: 'accuracy',
    chance: 1 / 2,
    reached: 0.7,
  },
  { ...image, task: 'transformation', make: stripeImages, metric: 'accuracy', chance: 1 / 8, reached: 0.3 },
  { ...signal, task: 'transformation', make: waveSignals, metric: 'accuracy', chance: 1 / 7, reached: 0.5 },
  { ...signal, task: 'context-encoder', make: waveSignals, metric: 'loss', chance: 1, reached: 0.8 },
  { ...signal, task: 'denoising', make: waveSignals, metric: 'loss', chance: 1, reached: 0.6 },
  { ...signal, task: 'split-brain', make: waveSignals, metric: 'firstError', chance: 1, reached: 0.7 },
];

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each(cases)('$task on $modality', (setting) => {
  it('learns what it asks for, beyond what guessing gives', () => {
    const { initial, entries } = pretextEntries(setting);
    const program = compileProgram(initial, { train: entries.train });
    const found = trainSteps(program, setting.make(512, 1).values, setting, 160);
    program.dispose();
    const last = mean(found.slice(-20).map((values) => values[setting.metric]!));
    if (setting.metric === 'accuracy') expect(last).toBeGreaterThan(setting.reached);
    else expect(last).toBeLessThan(setting.reached);
  });
});
