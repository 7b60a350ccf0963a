import { expect, it } from 'vitest';
import type { SeenParts } from '../../../../src/contract/data/splits/seen-parts.ts';
import type { FoldGroups } from '../../../../src/contract/recipe/folds.ts';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import {
  getRun,
  getStudy,
  insertRuns,
  listRunsOf,
  readSeenParts,
  saveFolds,
  saveSeenParts,
} from '../../../../src/project/index.ts';
import { planRuns } from '../../../../src/service/recipes/plan.ts';
import { proofsOf, studyFolds } from '../../../../src/service/results/folds.ts';
import { addStudy, temporaryProject } from '../../../fixtures/projects.ts';

const fold = (number: number, test: string): FoldGroups => ({
  number,
  of: 3,
  sha256: `hash ${number}`,
  by: 'participant',
  train: ['a', 'b', 'c'].filter((name) => name !== test).slice(1),
  validation: ['a', 'b', 'c'].filter((name) => name !== test).slice(0, 1),
  test: [test],
});
const folds = ['a', 'b', 'c'].map((name, at) => fold(at + 1, name));

const part = (samples: number, names: string[], sha256 = names.join()) => ({
  samples,
  groups: names.length,
  names,
  sha256,
});
const seen = ({ train, validation, test }: FoldGroups, values: Partial<SeenParts> = {}): SeenParts => ({
  dataset: 'people',
  datasetId: 'one',
  by: 'participant',
  parts: {
    train: part(8, train),
    validation: part(4, validation),
    test: part(4, test),
    'left-out': part(0, []),
  },
  parted: 0,
  ...values,
});

function studyOfFolds() {
  const project = temporaryProject();
  const recipe = recipeSchema.parse({
    name: 'A',
    data: { pretrain: ['people'], folds: { by: 'participant' } },
    pretext: {},
    finetune: { arms: ['pretrained', 'baseline'], budgets: ['all'] },
  });
  const id = addStudy(project, recipe);
  insertRuns(project, id, planRuns(recipe, folds));
  saveFolds(project, id, folds);
  const runs = listRunsOf(project, id);
  const ofFold = (number: number) =>
    runs.filter(({ config }) => (config as { fold?: { number: number } }).fold?.number === number);
  return { project, runs, ofFold, study: getStudy(project, id).study };
}

it('tells who is what in each fold, and what its runs counted', () => {
  const { project, runs, ofFold, study } = studyOfFolds();
  expect(runs.length).toBe(9);
  for (const { run } of ofFold(2)) saveSeenParts(project, run.id, [seen(folds[1]!)]);
  const told = studyFolds(project, study, runs, readSeenParts(project, study.id))!;
  expect(told).toMatchObject({ by: 'participant', words: 'leave one participant out' });
  expect(told.folds[0]).toMatchObject({ test: { groups: 1, names: ['a'] }, samples: null, disjoint: null });
  expect(told.folds[1]).toMatchObject({ samples: { train: 8, validation: 4, test: 4 }, disjoint: true });
  const [proof, ...others] = proofsOf(readSeenParts(project, study.id), runs);
  expect(others).toEqual([]);
  expect(proof!.runs).toEqual(ofFold(2).map(({ run }) => getRun(project, run.id).run.name));
});

it('gives no scores where runs of a fold saw different samples, or a group stands in two parts', () => {
  for (const wrong of [seen(folds[1]!, { parted: 1 }), seen({ ...folds[1]!, train: ['b'] })]) {
    const { project, runs, ofFold, study } = studyOfFolds();
    const [first, second] = ofFold(2);
    saveSeenParts(project, first!.run.id, [seen(folds[1]!)]);
    saveSeenParts(project, second!.run.id, [wrong]);
    expect(() => studyFolds(project, study, runs, readSeenParts(project, study.id))).toThrow(
      /fold 2 did not all see the same/,
    );
  }
});
