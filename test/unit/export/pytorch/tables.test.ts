import { expect, it } from 'vitest';
import { encoderSource } from '../../../../src/export/pytorch/encoders.ts';
import { exportCases, exportedModel } from '../../../fixtures/exported-models.ts';

const tables = exportCases.filter(({ modality }) => modality === 'table');
const setUpOf = (family: string, numbers: string) =>
  encoderSource(
    exportedModel(tables.find((one) => one.family === family && one.options['numbers'] === numbers)!),
  ).setUp.join('\n');

it('lets rows enter as one vector, or as a token for each column', () => {
  expect(setUpOf('plain', 'scaled')).toMatch(/Row\(\[[\d, ]+\], Numbers\("scaled", \d+, \d+\), \[/);
  expect(setUpOf('ft-transformer', 'piecewise-linear')).toMatch(/replaces=True\).*tokens=\d+, width=8\)/);
});

it('gives codes by quantiles the bins of the training rows, and others none', () => {
  expect(setUpOf('plain', 'quantile')).toContain('bins=Bins(left=[[');
  expect(setUpOf('residual', 'periodic')).not.toContain('Bins(');
});

it('gives long tails what their logarithm is made with', () => {
  const model = exportedModel({
    ...tables.find(({ family }) => family === 'plain')!,
    options: { width: 8, features: 16, stages: 1, numbers: 'logarithm' },
  });
  expect(encoderSource(model).setUp.join('\n')).toMatch(
    /Numbers\("logarithm", \d+, \d+, tails=Tails\(direction=\[[-\d, ]+\], begin=\[/,
  );
});
