import { describe, expect, it } from 'vitest';
import { encoderSource } from '../../../../../src/export/pytorch/encoders.ts';
import { signalFamilies } from '../../../../../src/export/pytorch/signals/networks.ts';
import { signalParts } from '../../../../../src/export/pytorch/signals/parts.ts';
import { exportCases, exportedModel } from '../../../../fixtures/exported-models.ts';

const cases = exportCases.filter(({ modality, family }) => modality === 'signal' && family in signalFamilies);

describe.each(cases)('the Python of $family', (each) => {
  const { parts, setUp, forward } = encoderSource(exportedModel(each));
  const all = parts.join('\n');

  it('holds every class that the network is made of, once', () => {
    const used = setUp.join('\n').matchAll(/(?<![.\w])([A-Z]\w+)\(/g);
    for (const [, name] of used) expect(all.match(new RegExp(`^class ${name}\\(`, 'gm'))).toHaveLength(1);
    expect(all).toContain(signalParts);
  });

  it('holds every function that it calls', () => {
    const called = [...forward, all].join('\n').matchAll(/(?<![.\w])([a-z]+_[a-z_]+)\(/g);
    for (const [, name] of called) expect(all).toMatch(new RegExp(`^def ${name}\\(`, 'm'));
  });
});
