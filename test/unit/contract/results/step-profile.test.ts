import { expect, it } from 'vitest';
import { partsText, stepProfile } from '../../../../src/contract/results/step-profile.ts';

it('tells where the time of a step goes, the largest part first', () => {
  const profile = stepProfile({
    device: 'cpu',
    stepMilliseconds: 95.5,
    stepShareInput: 0.02,
    stepShareViews: 0.115,
    stepShareCompute: 0.824,
    stepShareDispatch: 0.041,
  });
  expect(profile?.milliseconds).toBe(95.5);
  expect(partsText(profile!)).toBe('computation 82 %, views 12 %, dispatch 4 %, waiting for data 2 %');
});

it('tells nothing where nothing was measured', () => {
  expect(stepProfile(null)).toBeNull();
  expect(stepProfile({ device: 'cpu' })).toBeNull();
});
