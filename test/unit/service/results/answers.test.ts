import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import {
  findDataset,
  getStudy,
  hideDataset,
  insertGroupLevel,
  listAnswersOf,
  listRunsOf,
  type StoredAnswers,
} from '../../../../src/project/index.ts';
import { keepFacts } from '../../../../src/service/datasets/facts.ts';
import {
  groupNames,
  levelTested,
  noAnswers,
  readAnswers,
  testedDataset,
} from '../../../../src/service/results/answers.ts';
import { encodeCheckpoint } from '../../../../src/training/checkpoints/file.ts';
import { addAnsweredStudy, type AnswersGiven } from '../../../fixtures/answers.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';

async function answered(given: Partial<AnswersGiven>, kind: Parameters<typeof addAnsweredStudy>[2] = {}) {
  const project = temporaryProject();
  const { id } = addDataset(
    project,
    'small',
    ['a', 'b', 'c', null].map((group, at) => sample(at, { split: 2, group })),
  );
  const all = { arm: 'baseline', seed: 1, samples: [1, 3], targets: [0, 1], said: [], ...given } as const;
  const study = await addAnsweredStudy(project, [all as AnswersGiven], kind);
  const [run] = listRunsOf(project, study);
  const [stored] = listAnswersOf(project, run!.run.id);
  return { project, id, stored: stored!, study: getStudy(project, study).study };
}

/** A file of answers that somebody else wrote. */
function written(folder: string, contents: Parameters<typeof encodeCheckpoint>[0]): StoredAnswers {
  const bytes = encodeCheckpoint(contents);
  writeFileSync(join(folder, 'answers', 'other.safetensors'), bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    file: 'other.safetensors',
    sha256,
    head: 0,
    seed: 1,
    bytes: bytes.length,
    influences: new Float64Array(),
  };
}
const floats = (...values: number[]) => ({
  shape: [values.length],
  dtype: 'float32' as const,
  values: Float32Array.from(values),
});
const ints = (...values: number[]) => ({
  shape: [values.length],
  dtype: 'int32' as const,
  values: Int32Array.from(values),
});

describe('kept answers', () => {
  it('of classes are the likeliest class, how sure the model was, and how likely it took the truth to be', async () => {
    const { project, stored } = await answered({
      said: [
        [0.25, 0.75],
        [0.125, 0.875],
      ],
      groups: [0, -1],
    });
    expect(await readAnswers(project, stored)).toEqual({
      samples: Int32Array.of(1, 3),
      targets: Int32Array.of(0, 1),
      answers: Int32Array.of(1, 1),
      probabilities: Float32Array.of(0.75, 0.875),
      truthProbabilities: Float32Array.of(0.25, 0.875),
      groups: Int32Array.of(0, -1),
      weights: null,
      classNames: ['cat', 'dog'],
      several: null,
    });
  });

  it('of numbers have no probabilities, and come with their weights', async () => {
    const { project, stored } = await answered(
      { targets: [1.5, 2], said: [[1], [4]], weights: [1, 0.5] },
      { classNames: [], metric: 'rmse' },
    );
    expect(await readAnswers(project, stored)).toMatchObject({
      targets: Float32Array.of(1.5, 2),
      answers: Float32Array.of(1, 4),
      probabilities: null,
      truthProbabilities: null,
      weights: Float32Array.of(1, 0.5),
      classNames: null,
    });
  });

  it('of several labels are rows of names, with gaps where a label is not known', async () => {
    const { project } = await answered({
      said: [
        [0.25, 0.75],
        [0.125, 0.875],
      ],
    });
    const several = (target: string, ...truths: number[]) =>
      readAnswers(
        project,
        written(project.folder, {
          tensors: { sample: ints(4, 7), targets: floats(...truths), answers: floats(0.1, 0.2, 0.3, 0.4) },
          metadata: { classNames: ['edema', 'cyst'], target },
        }),
      );
    const found = await several('labels', 1, NaN, 0, 1);
    expect(found).toMatchObject({ samples: Int32Array.of(4, 7), classNames: ['edema', 'cyst'], answers: [] });
    expect(found.several).toEqual({
      target: 'labels',
      width: 2,
      truths: Float32Array.of(1, NaN, 0, 1),
      answers: Float32Array.of(0.1, 0.2, 0.3, 0.4),
    });
    // One value short of two rows.
    await expect(several('labels', 1, 0, 0)).rejects.toMatchObject({ failure: { code: 'answers.broken' } });
  });

  it('are refused where a column lacks, and where the file is another', async () => {
    const { project, stored } = await answered({
      said: [
        [0.25, 0.75],
        [0.125, 0.875],
      ],
    });
    const short = written(project.folder, {
      tensors: { sample: ints(1, 2), target: ints(0), answer: ints(0, 1) },
      metadata: {},
    });
    await expect(readAnswers(project, short)).rejects.toMatchObject({
      failure: {
        code: 'answers.broken',
        message: 'The file of answers on test samples lacks a column.',
        place: join(project.folder, 'answers', 'other.safetensors'),
        remedy: 'Put it back from a backup. Scores and intervals do not need it.',
      },
    });
    const file = join(project.folder, 'answers', stored.file);
    writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.of(0)]));
    await expect(readAnswers(project, stored)).rejects.toMatchObject({ failure: { code: 'answers.broken' } });
  });
});

it('groups are called by the names of their samples, at the level that was tested', async () => {
  const { project } = await answered({
    said: [
      [0.25, 0.75],
      [0.125, 0.875],
    ],
  });
  const stored = findDataset(project, 'small')!;
  insertGroupLevel(project, stored.key, 'clinic', new Map([['b', 'north']]));
  const rows = { samples: Int32Array.of(0, 1, 1, 2, 3), groups: Int32Array.of(5, 6, 6, -1, 8) };
  expect([...groupNames(project, stored, rows, 'group')]).toEqual([
    [5, 'a'],
    [6, 'b'],
    [8, '8'],
  ]);
  // What has no value there is called by its number.
  expect([...groupNames(project, stored, rows, 'clinic')]).toEqual([
    [5, '5'],
    [6, 'north'],
    [8, '8'],
  ]);
  expect(groupNames(project, stored, { samples: rows.samples, groups: null }, 'group').size).toBe(0);
});

it('the tested dataset is the one that was there, not another that has taken its name', async () => {
  const { project, id, study } = await answered({
    said: [
      [0.25, 0.75],
      [0.125, 0.875],
    ],
  });
  keepFacts(project, study.id);
  expect(testedDataset(project, study, 'small')!.dataset.id).toBe(id);
  hideDataset(project, id);
  addDataset(project, 'small', [sample(0)]);
  expect(testedDataset(project, study, 'small')).toBeNull();
});

it('says what a study has answers of where it has none of what is asked', async () => {
  const { project, study } = await answered({
    said: [
      [0.25, 0.75],
      [0.125, 0.875],
    ],
  });
  const runs = listRunsOf(project, study.id).map(({ run }) => run);
  expect(noAnswers(study, 'the frozen arm', [...runs, ...runs]).failure).toEqual({
    code: 'answers.none',
    message: 'The study “A study” has kept no answers of the frozen arm.',
    place: 'A study',
    remedy:
      'It has results of baseline with all labels. Runs of versions before answers were kept have none: run the study anew.',
  });
  expect(noAnswers(study, 'x', []).failure.remedy).toBe('Wait until its first fine-tuning run is done.');
  expect(levelTested(study, 'small')).toBe('group');
  const folds = recipeSchema.parse({ name: 'F', data: { pretrain: ['small'], folds: { by: 'clinic' } } });
  expect(levelTested({ ...study, recipe: folds }, 'small')).toBe('clinic');
  // Only the first dataset is divided by folds.
  expect(levelTested({ ...study, recipe: folds }, 'other')).toBe('group');
});
