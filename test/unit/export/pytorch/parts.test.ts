/** That the modules compute the same is shown with PyTorch in `test/bench`; here, that each holds all that it uses. */
import { describe, expect, it } from 'vitest';
import { torchModule } from '../../../../src/export/pytorch/module.ts';
import { convNextConvolutions, convolutions } from '../../../../src/export/pytorch/parts.ts';
import { rowParts } from '../../../../src/export/pytorch/table-parts.ts';
import { exportCases, exportedModel } from '../../../fixtures/exported-models.ts';
import '../../learning/helpers.ts';

const withoutTexts = (python: string) => python.replaceAll(/"""[^]*?"""/g, '').replaceAll(/"[^"\n]*"/g, '""');
const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name!);

describe.each(exportCases.map((one) => [one.name, one] as const))('%s', (_, one) => {
  const python = withoutTexts(torchModule(exportedModel(one), '1'));
  const defined = matches(python, /^(?:class|def) (\w+)/gm);

  it('defines every class and function that it calls, once', () => {
    const called = matches(python, /(?<![\w.])([A-Z]\w+|[a-z]+_\w+)\(/g);
    const known = new Set([...defined, 'OrderedDict', 'Path', 'load_file']);
    expect([...new Set(called)].filter((name) => !known.has(name))).toEqual([]);
    expect(new Set(defined).size).toBe(defined.length);
  });

  it('is whole text: nothing of what it was put together by is left, and brackets close', () => {
    expect(python).not.toMatch(/\$\{|undefined|NaN/);
    const count = (sign: string) => python.split(sign).length;
    for (const [open, close] of ['()', '[]', '{}']) expect(count(open!)).toBe(count(close!));
  });
});

it('convolves along one side for signals and two for images', () => {
  for (const parts of [convolutions, convNextConvolutions]) {
    expect(parts(1)).toContain('nn.Conv1d');
    expect(parts(1)).not.toContain('2d');
    expect(parts(2)).toContain('nn.Conv2d');
    expect(parts(2)).not.toContain('1d');
  }
});

it('cuts scaled numbers where the encoder itself does, at eight deviations', () => {
  expect(rowParts).toContain('told = x.clamp(-8, 8)');
});
