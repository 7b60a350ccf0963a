import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/data/shards/random.ts';
import type { Dataset } from '../../../../src/contract/entities.ts';
import { recipeSchema, type RecipeInput } from '../../../../src/contract/recipe/recipe.ts';
import {
  getDataset,
  insertGroupLevel,
  insertRuns,
  listDatasets,
  getRun,
  saveFolds,
  shardFile,
  type WritableProject,
} from '../../../../src/project/index.ts';
import { planRuns } from '../../../../src/service/recipes/plan.ts';
import { readRunData } from '../../../../src/service/runs/run-data.ts';
import { dealStudyFolds } from '../../../../src/service/studies/folds.ts';
import { startStudy } from '../../../../src/service/studies/start.ts';
import { addDataset, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';

const PARTICIPANTS = ['a', 'b', 'c', 'd'];

/** Of each participant two sessions of eight samples, of both classes. */
function addPeople(project: WritableProject, name = 'people') {
  const groups = PARTICIPANTS.flatMap((participant) =>
    ['1', '2'].map((session) => `${participant}+${session}`),
  );
  const samples = groups.flatMap((group, at) =>
    Array.from({ length: 8 }, (_, i) => sample(at * 8 + i, { group, classId: i % 2, split: at < 2 ? 2 : 0 })),
  );
  const split: Dataset['split'] = {
    rule: { by: 'folder' },
    by: 'folder',
    train: 48,
    validation: 0,
    test: 16,
    groups: 8,
    trainingGroups: 6,
    levels: [{ name: 'participant', groups: 4 }],
  };
  const { id, key } = addDataset(project, name, samples, { split });
  insertGroupLevel(project, key, 'participant', new Map(groups.map((group) => [group, group[0]!])));
  const bytes = Uint8Array.from({ length: 256 * samples.length }, (_, at) => Math.floor(at / 256));
  writeFileSync(shardFile(project.folder, getDataset(project, id).shard), bytes);
}

const recipe = (data: Partial<RecipeInput['data']>, rest: Partial<RecipeInput> = {}) =>
  recipeSchema.parse({
    name: 'A',
    data: { pretrain: ['people'], ...data },
    pretext: { task: 'simclr', batchSize: 8, epochs: 1 },
    finetune: { budgets: [{ perClass: 2 }], arms: ['pretrained', 'baseline'], seeds: 2 },
    ...rest,
  });

describe('the folds of a study', () => {
  it('hold out whole participants, sessions and all', async () => {
    const project = temporaryProject();
    addPeople(project);
    const folds = await dealStudyFolds(project, recipe({ folds: { by: 'participant' } }));
    expect(folds.map(({ test }) => test)).toEqual([['a'], ['b'], ['c'], ['d']]);
    for (const { train, validation, test, of, trainingSamples, copies } of folds) {
      // Of each participant two sessions of eight.
      expect(trainingSamples).toBe(16 * train.length - copies!.leftOut);
      expect([...train, ...validation, ...test].toSorted()).toEqual(PARTICIPANTS);
      expect(of).toBe(4);
    }
  });

  it('do without those that the recipe leaves out', async () => {
    const project = temporaryProject();
    addPeople(project);
    const folds = await dealStudyFolds(
      project,
      recipe({ folds: { by: 'participant' }, exclude: [{ by: 'participant', groups: ['b'] }] }),
    );
    expect(folds.map(({ test }) => test)).toEqual([['a'], ['c'], ['d']]);
    await expect(
      dealStudyFolds(project, recipe({ exclude: [{ by: 'participant', groups: ['e'] }] })),
    ).rejects.toThrow(
      'No participant of “people” is named “e”, so it cannot be left out. Found: a, b, c, d.',
    );
  });

  it('train without copies of what they hold out, and say how many', async () => {
    const project = temporaryProject();
    addPeople(project);
    const { shard } = getDataset(project, listDatasets(project)[0]!.id);
    const random = createRandom(3, 1);
    const pictures = Uint8Array.from({ length: 256 * 64 }, () => random.below(256));
    // A sample of a once more among those of c, with a pixel that differs; and one of a twice.
    pictures.copyWithin(256 * 40, 256 * 3, 256 * 4);
    pictures[256 * 40]! ^= 1;
    pictures.copyWithin(256 * 5, 256 * 4, 256 * 5);
    writeFileSync(shardFile(project.folder, shard), pictures);
    const wanted = recipe({ folds: { by: 'participant' } });
    const folds = await dealStudyFolds(project, wanted);
    const heldOut = ({ test, validation }: (typeof folds)[number], name: string) =>
      [...test, ...validation].includes(name);
    for (const fold of folds)
      expect(fold.copies).toEqual(
        heldOut(fold, 'a') !== heldOut(fold, 'c') ? { leftOut: 1, heldOut: 1 } : { leftOut: 0, heldOut: 0 },
      );
    const study = addStudy(project, wanted);
    saveFolds(project, study, folds);
    const [first] = insertRuns(project, study, planRuns(wanted, folds));
    const { contents, seen } = await readRunData(project, getRun(project, first!));
    // The first fold tests a: the copy among c, where that trains, is left out.
    const left = [...contents[0]!.splits.keys()].filter((at) => contents[0]!.splits[at] === 3);
    expect(left).toEqual(heldOut(folds[0]!, 'c') ? [] : [40]);
    expect(seen[0]!.parts['left-out'].samples).toBe(left.length);
    expect(seen[0]!.parted).toBe(0);
  });

  it('say what they lack', async () => {
    const project = temporaryProject();
    addPeople(project);
    await expect(
      dealStudyFolds(
        project,
        recipe({ folds: { by: 'participant' }, exclude: [{ by: 'participant', groups: ['a', 'b'] }] }),
      ),
    ).rejects.toThrow('needs at least 3 groups with labels');
    await expect(
      dealStudyFolds(
        project,
        recipe(
          { folds: { by: 'participant' } },
          { finetune: { budgets: [{ perClass: 17 }], arms: ['baseline'] } },
        ),
      ),
    ).rejects.toThrow('In fold 1, which tests participant a: A budget of 17 labels per class');
    expect(() => startStudy(project, recipe({ folds: { by: 'site' } }))).toThrow(
      'cannot be taken by “site”: no whole groups have a value of it. There are: group (8), participant (4).',
    );
  });

  it('are waited for: nothing is planned before', () => {
    const project = temporaryProject();
    addPeople(project);
    const { study } = startStudy(project, recipe({ folds: { by: 'participant' } }));
    expect(study).toMatchObject({ status: 'importing', runIds: [] });
  });

  it('give pretraining and training the same samples, and none that are tested', async () => {
    const project = temporaryProject();
    addPeople(project);
    const wanted = recipe({ folds: { by: 'participant' } });
    const folds = await dealStudyFolds(project, wanted);
    const study = addStudy(project, wanted);
    saveFolds(project, study, folds);
    const ids = insertRuns(project, study, planRuns(wanted, folds));
    expect(ids).toHaveLength(12);
    const [pretext, pretrained, baseline] = ids.slice(3, 6).map((id) => getRun(project, id));
    expect(pretext!.run.name).toBe('simclr-fold2-1');
    const [before, after] = [await readRunData(project, pretext!), await readRunData(project, pretrained!)];
    for (const { seen } of [before, after]) {
      expect(seen[0]).toMatchObject({ by: 'participant', parted: 0 });
      expect(seen[0]!.parts.test.names).toEqual(['b']);
      expect(seen[0]!.parts.train.names).not.toContain('b');
      expect(seen[0]!.parts.test.samples).toBe(16);
    }
    expect(after.seen).toEqual(before.seen);
    expect(after.hash).toBe((await readRunData(project, baseline!)).hash);
    const other = await readRunData(project, getRun(project, ids[0]!));
    expect(other.hash).not.toBe(before.hash);
    // Groups as training sees them: participants, no sessions.
    expect(new Set(after.groups[0]!.ids).size).toBe(4);
    // Samples are their own position in value: the mean is that of this fold's training samples alone.
    const training = [...after.contents[0]!.splits].flatMap((code, index) => (code === 0 ? [index] : []));
    const mean = training.reduce((sum, value) => sum + value, 0) / training.length;
    expect(after.contents[0]!.channelStatistics.mean[0]).toBeCloseTo(mean, 4);
  });
});
