import { expect, it } from 'vitest';
import { prepareField } from '../../../../../src/contract/data/recordings/preparation.ts';
import {
  ofPreparing,
  planPreparation,
  preparationWords,
} from '../../../../../src/data/signals/preparation/plan.ts';

const options = (more: object = {}) => prepareField.parse(more);
const channels = ['EEG FP1-REF', 'T3'].map((name) => ({ name }));

it('does nothing where nothing is asked for', () => {
  expect(planPreparation(channels, 100, options())).toEqual({
    written: ['EEG FP1-REF', 'T3'],
    names: ['EEG FP1-REF', 'T3'],
    steps: [],
    doubts: [],
  });
  expect(preparationWords({ steps: [] })).toEqual([]);
});

it('names channels by the 10–20 system, and those that its steps leave', () => {
  const plan = planPreparation(
    channels,
    100,
    options({ names: '10-20', steps: [{ step: 'reference', to: 'Fp1-T7' }] }),
  );
  expect([plan.written, plan.names]).toEqual([['Fp1', 'T7'], ['Fp1-T7']]);
  expect(plan.doubts).toEqual([]);
});

it('says what is done, in the order in which it is done', () => {
  const { steps } = planPreparation(
    channels,
    100,
    options({
      steps: [
        { step: 'high-pass', at: 1 },
        { step: 'detrend', by: 'mean' },
      ],
    }),
  );
  const [words] = preparationWords({ steps });
  expect(words).toMatch(/^Prepared: .+; .+\.$/);
  expect(words).toContain('1 Hz');
  const why = preparationWords({ steps: [{ ...steps[0]!, words: 'a step', why: 'a reason.' }] });
  expect(why).toEqual(['Prepared: a step.', 'A step: a reason.']);
});

it('asks about what cannot be done, before anything is read', () => {
  const plan = planPreparation(channels, 100, options({ steps: [{ step: 'low-pass', at: 80 }] }));
  expect(plan).toMatchObject({
    steps: [],
    names: ['EEG FP1-REF', 'T3'],
    doubts: [{ code: 'recordings.filter', blocking: true }],
  });
  expect(ofPreparing(plan.doubts[0]!)).toBe(true);
  const gone = planPreparation(channels, 100, options({ steps: [{ step: 'reference', to: 'Cz' }] }));
  expect(gone.doubts).toMatchObject([{ code: 'recordings.reference', blocking: true }]);
  expect(ofPreparing({ code: 'recordings.labels-unclear', message: '', remedy: '', blocking: true })).toBe(
    false,
  );
  expect(ofPreparing({ ...plan.doubts[0]!, blocking: false })).toBe(false);
});
