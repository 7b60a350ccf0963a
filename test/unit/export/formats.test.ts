import { expect, it } from 'vitest';
import { EXPORT_FORMATS, type ExportFormat } from '../../../src/contract/model/export.ts';
import { exportModel } from '../../../src/export/formats.ts';
import { startTensorFlow } from '../../../src/tensor/index.ts';
import { decodeCheckpoint } from '../../../src/training/checkpoints/file.ts';
import { exportCases, exportedModel } from '../../fixtures/exported-models.ts';

await startTensorFlow({ threads: 1 });

const textOf = (files: ReturnType<typeof exportModel>, path: string) =>
  files.find((file) => file.path === path)!.contents as string;

it.each(Object.keys(EXPORT_FORMATS) as ExportFormat[])(
  '%s says what goes in, what was done to samples before, and what comes out',
  (format) => {
    const model = exportedModel(exportCases[1]!);
    const files = exportModel(model, format, '1.2.3');
    const text = textOf(files, 'README.md');
    for (const needed of [...model.preparation, ...model.facts, 'Pretext Studio 1.2.3', 'right "two"'])
      expect(text).toContain(needed);
    expect(JSON.parse(textOf(files, 'description.json'))).toMatchObject({
      input: { shape: [null, 20, 23, 3] },
      normalisation: { mean: [100, 110, 120], deviation: [50, 55, 60] },
      classes: ['left', 'right "two"', 'up'],
      temperature: 1.5,
    });
    for (const name of EXPORT_FORMATS[format].files.split(', '))
      expect(files.map(({ path }) => path)).toContain(name.replace('….', '1of1.'));
  },
);

it('writes weights that this program’s reader of safetensors reads again', () => {
  const model = exportedModel(exportCases[0]!);
  const [weights] = exportModel(model, 'safetensors', '0');
  const header = Buffer.from(weights!.contents as Uint8Array);
  expect(header.subarray(8, 300).toString()).toContain('"__metadata__":{"format":"pt"}');
  // Its notes are JSON there; that of PyTorch is a word.
  expect(() => decodeCheckpoint(header, 'model')).toThrow(/its note “format” is not JSON/);
});

it('keeps a model’s name from changing what the README is', () => {
  const files = exportModel({ ...exportedModel(exportCases[0]!), name: 'a\n# b <img>' }, 'onnx', '0');
  expect(textOf(files, 'README.md').split('\n')[0]).toBe('# a \\# b \\<img\\>');
});
