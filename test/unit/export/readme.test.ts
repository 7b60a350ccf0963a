import { describe, expect, it } from 'vitest';
import type { ExportedHead, ExportedModel } from '../../../src/export/model.ts';
import { describe as described, readme } from '../../../src/export/readme.ts';

const model = (changes: Partial<ExportedModel> = {}): ExportedModel => ({
  name: 'Cells',
  modality: 'image',
  encoder: { family: 'residual', options: {} },
  about: {},
  inputShape: [32, 24, 3],
  sampleType: 'uint8',
  channelStatistics: { mean: [1, 2, 3], standardDeviation: [4, 0, 5] },
  head: null,
  members: [{ weights: {}, scales: null }],
  preparation: [],
  facts: [],
  ...changes,
});
const classes: ExportedHead = { kind: 'classes', names: ['cat', 'do*g\n#2'], temperature: 1.5 };

describe('the description for programs', () => {
  it('says what goes in and comes out, and divides by no deviation of 0', () => {
    const found = described(model({ head: classes }), '1.2.3');
    expect(found).toMatchObject({
      program: 'Pretext Studio 1.2.3',
      input: { shape: [null, 32, 24, 3], type: 'float32', units: 'as stored' },
      outputs: ['features', 'probabilities'],
      classes: ['cat', 'do*g\n#2'],
      temperature: 1.5,
      members: 1,
    });
    expect(found.normalisation.mean).toEqual([1, 2, 3]);
    expect(found.normalisation.deviation.every((value) => value > 0)).toBe(true);
    expect([found.normalisation.deviation[0], found.normalisation.deviation[2]]).toEqual([4, 5]);
  });

  it.each([
    [null, ['features'], {}],
    [{ kind: 'number' }, ['features', 'number'], { classes: null, temperature: null }],
    [{ kind: 'numbers', names: ['x'] }, ['features', 'numbers'], { numbers: ['x'], classes: null }],
    [{ kind: 'labels', names: ['x'], temperature: 1 }, ['features', 'probabilities'], { labels: ['x'] }],
  ] as [ExportedHead | null, string[], object][])('has the outputs of %o', (head, outputs, more) => {
    expect(described(model({ head }), '1')).toMatchObject({ outputs, ...more });
  });
});

describe('the README', () => {
  const lines = (...args: Parameters<typeof readme>) => readme(...args).split('\n');

  it('has shapes in the order of its format', () => {
    expect(readme(model(), 'onnx', '1')).toContain('[N, 32, 24, 3] (channels last)');
    expect(readme(model(), 'safetensors', '1')).toContain('[N, 3, 32, 24] (channels first)');
    expect(readme(model({ modality: 'table', inputShape: [7] }), 'safetensors', '1')).toContain(
      'float32 [N, 7],',
    );
  });

  it('says the unit of stored values', () => {
    expect(readme(model(), 'onnx', '1')).toContain('in stored units (0 to 255).');
    expect(readme(model({ sampleType: 'uint16' }), 'onnx', '1')).toContain(
      'in stored units (16 bits divided by 257: 0 to 255).',
    );
    expect(readme(model({ sampleType: 'float32' }), 'onnx', '1')).toContain('in stored units. Batches');
  });

  it('keeps names in their line, and from being read as Markdown', () => {
    const found = lines(model({ name: 'a\n# b', head: classes }), 'onnx', '1');
    expect(found[0]).toBe('# a \\# b');
    expect(found.slice(found.indexOf('## Classes, in the order of their probabilities')).slice(2, 4)).toEqual(
      ['0. cat', String.raw`1. do\*g \#2`],
    );
  });

  it('says whether probabilities are calibrated, and what a number is', () => {
    const told = (head: ExportedHead) =>
      lines(model({ head }), 'onnx', '1').find((line) => /^- `(prob|num)/.test(line));
    expect(told(classes)).toBe(
      '- `probabilities`: [N, 2], the probability of each class, calibrated on validation data.',
    );
    expect(told({ ...classes, temperature: 1 })).toBe(
      '- `probabilities`: [N, 2], the probability of each class.',
    );
    expect(told({ kind: 'number' })).toBe('- `number`: [N, 1], the number in its own unit.');
    expect(told({ kind: 'numbers', names: ['x', 'y'] })).toBe(
      '- `numbers`: [N, 2], each number in its own unit.',
    );
  });

  it('tells what has to happen to samples before, and where the model comes from', () => {
    const found = readme(model({ preparation: ['Resize.'], facts: ['Trained.'] }), 'onnx', '1');
    expect(found).toContain('\n- Resize.\n');
    expect(found).toContain('## Where it comes from\n\n- Trained.\n');
    expect(readme(model(), 'onnx', '1')).toContain('- Nothing: images came as they are stored.');
    expect(readme(model(), 'onnx', '1')).not.toContain('## Where');
  });

  it('has an example with samples of the model’s own shape, which reads its last output', () => {
    const example = (format: Parameters<typeof readme>[1], head: ExportedHead | null = classes) =>
      readme(model({ head }), format, '1').split('## Example')[1]!;
    expect(example('onnx')).toContain('np.zeros([2, 32, 24, 3], np.float32)');
    expect(example('onnx')).toContain('features, probabilities = session.run(["features", "probabilities"]');
    // Python unpacks one value by a comma.
    expect(example('onnx', null)).toContain('features, = session.run(["features"]');
    expect(example('saved-model')).toContain('print(answers["probabilities"])');
    expect(example('safetensors', null)).not.toContain('print(model(samples))');
    expect(example('tfjs')).toContain("['features', 'probabilities']");
  });
});
