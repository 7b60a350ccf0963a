import { describe, expect, it } from 'vitest';
import {
  fromEarlierPreparation,
  prepareField,
} from '../../../../../src/contract/data/recordings/preparation.ts';

describe('a preparation', () => {
  it('is a list of steps with their fields filled in', () => {
    const { steps } = prepareField.parse({ steps: [{ step: 'high-pass', at: 1 }] });
    expect(steps).toEqual([{ step: 'high-pass', at: 1, order: 4, off: false }]);
    expect(prepareField.parse({})).toMatchObject({ steps: [], preset: 'none', names: 'as-written' });
  });

  it('names the steps there are where one is not known, and the field that is wrong', () => {
    const of = (step: object) => prepareField.safeParse({ steps: [step] }).error?.issues[0];
    expect(of({ step: 'whiten' })?.message).toContain('one of reference, detrend, high-pass');
    expect(of({ step: 'notch', at: 0 })).toMatchObject({ path: ['steps', 0, 'at'] });
  });

  it('is read as versions before wrote it: filters after the reference, the limit last', () => {
    const earlier = {
      names: '10-20',
      limit: 5,
      limitBy: 'soft',
      scale: 'factor',
      factor: 2,
      notch: 50,
      lowPass: 30,
      highPass: 1,
      order: 3,
      reference: 'average',
      detrend: 'none',
    };
    expect(fromEarlierPreparation(earlier)).toEqual({
      names: '10-20',
      steps: [
        { step: 'reference', to: 'average' },
        { step: 'band-pass', from: 1, to: 30, order: 3 },
        { step: 'notch', at: 50 },
        { step: 'scale', by: 'factor', factor: 2 },
        { step: 'clip', at: 5, by: 'soft' },
      ],
    });
    expect(fromEarlierPreparation({ reference: 'none', highPass: 0, lowPass: 12 })).toEqual({
      steps: [{ step: 'low-pass', at: 12 }],
    });
  });

  it('stays as it is where it is written as now', () => {
    for (const now of [undefined, {}, { steps: [] }, { preset: 'eeg' }])
      expect(fromEarlierPreparation(now)).toBe(now);
  });
});
