import { expect, it } from 'vitest';
import type { Bundle } from '../../../../src/contract/elsewhere/bundle.ts';
import { otherBundle, requireOurs, requireSameStart } from '../../../../src/service/elsewhere/refusals.ts';
import { waitingStudy } from '../../../fixtures/waiting-studies.ts';
import { workplaceOf } from '../../../fixtures/workplaces.ts';

const bundle = (study: string) => ({ study: { id: study, name: 'Cells' }, project: 'Waves' }) as Bundle;

it('a bundle of another study, another project or one packed again is told as that', () => {
  const { project, study } = waitingStudy();
  const workplace = workplaceOf(project);
  const ours = (of: string) => () => requireOurs(workplace, '/b', bundle(of), []);
  expect(ours(study.id)).toThrow(/packed again since/);
  expect(ours('unknown')).toThrow(/study “Cells” of the project “Waves”, which is not in this project/);
  expect(otherBundle('/b', bundle('x')).failure).toMatchObject({
    place: '/b',
    message: expect.stringContaining('other jobs, of the study “Cells”'),
  });
});

it('fine-tuning must have begun with the weights that the project has', () => {
  const run = { run: { name: 'pretrained-1' } };
  const begun = (startsFrom: string) => [
    { type: 'begin' as const, at: '', host: '', resumeStep: -1, startsFrom },
  ];
  const prepared = { job: { kind: 'finetune', checkpoint: 'a' } };
  const require = (startsFrom: string) => () =>
    requireSameStart(run as never, begun(startsFrom), prepared as never);
  expect(require('b')).toThrow(/other weights/);
  expect(require('a')).not.toThrow();
});
