import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../../../src/contract/fields.ts';
import { dino, teacherTemperature } from '../../../../src/learning/pretext/tasks/dino.ts';
import { previewItems } from '../../../../src/learning/pretext/preview.ts';
import { findPretextTask } from '../../../../src/learning/pretext/registry.ts';
import { compileProgram, seedOf, tf } from '../../../../src/tensor/index.ts';
import { bytesOf, seed } from '../helpers.ts';
import { pretextEntries, trainSteps, type Setting } from '../programs.ts';
import { waveSignals } from '../synthetic.ts';

const setting = (task: string, options: Record<string, unknown> = {}): Setting => ({
  task,
  options,
  modality: 'signal',
  inputShape: [64, 2],
  encoder: 'residual',
  encoderOptions: { width: 8, features: 16, stages: 2 },
  batchSize: 32,
});
const { values } = waveSignals(256, 1);
const samples = values.slice(0, 32 * 128);

function slopesOf(task: string, options: Record<string, unknown>, progress = 0.5) {
  const { initial, entries } = pretextEntries(setting(task, options));
  const program = compileProgram(initial, { slopes: entries.slopes });
  const found = program.run('slopes', { samples, seed: seedOf(1, 1), progress });
  program.dispose();
  return found;
}
const largest = (numbers: ArrayLike<number>) => Math.max(...Array.from(numbers, Math.abs));

describe('SimSiam', () => {
  it('takes the gradient from the targets, which the option gives back: the same loss, other slopes', () => {
    const [stopped, open] = [{}, { stopGradient: false }].map((options) => slopesOf('simsiam', options));
    expect(open!['loss']![0]).toBeCloseTo(stopped!['loss']![0]!, 5);
    const [first, second] = [stopped!, open!].map((slopes) => slopes['projection/output/kernel']!);
    const difference = Array.from(first!, (value, i) => value - second![i]!);
    expect(largest(difference)).toBeGreaterThan(0.1 * largest(first!));
    // What the predictor learns does not depend on it.
    const [one, two] = [stopped!, open!].map((slopes) => slopes['predictor/output/kernel']!);
    expect(largest(Array.from(one!, (value, i) => value - two![i]!))).toBeLessThan(1e-4 * largest(one!));
  });
});

describe('VICReg', () => {
  it('collapses without its variance term, and only then', () => {
    const variance = (options: Record<string, unknown>) => {
      const chosen = setting('vicreg', options);
      const { initial, entries } = pretextEntries(chosen);
      const program = compileProgram(initial, { train: entries.train });
      const last = trainSteps(program, values, chosen, 60).at(-1)!;
      program.dispose();
      // How far deviations fall short of 1.
      return last['variance']!;
    };
    expect(variance({ varianceWeight: 0 })).toBeGreaterThan(0.9);
    expect(variance({})).toBeLessThan(0.75);
  });
});

describe('DINO', () => {
  it('holds its prototypes in the beginning, and only then', () => {
    const name = 'projection/last/prototypes';
    expect(largest(slopesOf('dino', { frozenShare: 0.1 }, 0.05)[name]!)).toBe(0);
    expect(largest(slopesOf('dino', { frozenShare: 0.1 }, 0.05)['projection/0/kernel']!)).toBeGreaterThan(0);
    expect(largest(slopesOf('dino', { frozenShare: 0.1 }, 0.1)[name]!)).toBeGreaterThan(0);
  });

  it('moves the temperature of the teacher evenly to its final value', () => {
    const options = parseOptions(
      dino.options,
      { teacherWarmupTemperature: 0.04, teacherTemperature: 0.07, teacherWarmupShare: 0.3 },
      'options',
    ) as Parameters<typeof teacherTemperature>[0];
    const at = (progress: number) => teacherTemperature(options, tf.scalar(progress)).dataSync()[0];
    expect([0, 0.1, 0.3, 1].map(at)).toEqual(
      [0.04, 0.05, 0.07, 0.07].map((value) => expect.closeTo(value, 6)),
    );
    const still = { ...options, teacherWarmupShare: 0 };
    expect(teacherTemperature(still, tf.scalar(0.01)).dataSync()[0]).toBeCloseTo(0.07, 6);
  });

  it('keeps centre and teacher with the run', () => {
    const chosen = setting('dino');
    const { initial, entries } = pretextEntries(chosen);
    const program = compileProgram(initial, { train: entries.train });
    const before = program.readState();
    trainSteps(program, values, chosen, 3);
    const after = program.readState();
    program.dispose();
    const moved = (name: string) =>
      largest(Array.from(after[name]!.values, (value, i) => value - before[name]!.values[i]!));
    expect(moved('centre')).toBeGreaterThan(0);
    const teacher = Object.keys(before).filter((name) => name.startsWith('target/'));
    expect(teacher).toContain('target/projection/last/prototypes');
    for (const name of teacher.filter((key) => key.endsWith('kernel')))
      expect(moved(name), name).toBeLessThan(moved(name.slice('target/'.length)));
  });
});

describe('the previews', () => {
  const preview = (task: string) => {
    const definition = findPretextTask(task, 'image');
    const request = {
      modality: 'image' as const,
      options: parseOptions(definition.options, {}, 'options'),
      channelStatistics: { mean: [0], standardDeviation: [1] },
      samples: bytesOf([2, 16, 16, 1]),
      seed: seed(1),
    };
    return previewItems(definition, request, [0, 1])[0]!;
  };

  it.each(['byol', 'simsiam', 'barlow-twins', 'vicreg', 'w-mse', 'dino'])(
    'of %s shows two different views and says what is asked',
    (task) => {
      const { panels, pseudoLabel } = preview(task);
      expect(panels.slice(0, 3).map(({ role }) => role)).toEqual(['input', 'view', 'view']);
      expect(panels[1]!.values).not.toEqual(panels[2]!.values);
      expect(pseudoLabel).toMatch(/\w/);
    },
  );

  it('of DINO shows a small view too', () => {
    expect(preview('dino').panels.map(({ shape }) => shape)).toEqual([
      [16, 16, 1],
      [16, 16, 1],
      [16, 16, 1],
      [8, 8, 1],
    ]);
  });
});

describe('W-MSE', () => {
  it('narrows its projection to what a small batch can whiten', () => {
    const shape = (batchSize: number) =>
      pretextEntries({ ...setting('w-mse', { projectionSize: 32 }), batchSize }).initial[
        'projection/output/kernel'
      ]!.shape[1];
    expect(shape(128)).toBe(32);
    expect(shape(32)).toBe(16);
  });
});
