import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listSampleStudies, readSampleRecipe } from '../../../../src/service/recipes/samples.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';

it('lists the studies that come with the program, each with a recipe that can be used', () => {
  const studies = listSampleStudies();
  expect(studies.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['wrist-gestures', 'chest-x-rays', 'adult-income']),
  );
  for (const { id } of studies) expect(readSampleRecipe(id).data.pretrain.length).toBeGreaterThan(0);
});

it('says where a study that is not there was looked for, and lists none without an index', () => {
  expect(() => readSampleRecipe('no-such-study')).toThrow('There is no sample study “no-such-study”.');
  expect(listSampleStudies(temporaryFolder())).toEqual([]);
});

it('computes as the machine is set where the recipe does not say, and refuses one that is wrong', () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, 'index.yaml'),
    '- { id: a, title: A, description: d, modality: image, minutes: 1, licence: CC0 }\n- { id: b, title: B, description: d, modality: image, minutes: null, licence: CC0, file: odd.yaml }\n',
  );
  writeFileSync(join(folder, 'a.yaml'), 'name: A\ndata: { pretrain: [x] }\npretext: {}\n');
  writeFileSync(join(folder, 'odd.yaml'), 'name: B\ndata: { pretrain: [x] }\npretext: { epochs: 0 }\n');
  expect(readSampleRecipe('a', folder, { threads: 2 }).device).toMatchObject({ threads: 2 });
  expect(() => readSampleRecipe('b', folder)).toThrow(
    '`pretext.epochs` must be a whole number from 1 to 10000.',
  );
});
