import { expect, it } from 'vitest';
import { getDataset, insertGroupLevel } from '../../../../src/project/index.ts';
import { listGroups } from '../../../../src/service/datasets/group-names.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';

function grouped() {
  const project = temporaryProject();
  const groups = ['P10-1', 'P2-1', 'P2-2', 'P2-2'];
  const samples = groups.map((group, at) => sample(at, { group }));
  const { id, key } = addDataset(project, 'people', samples, {
    split: {
      rule: { by: 'folder' },
      by: 'folder',
      train: 4,
      validation: 0,
      test: 0,
      groups: 3,
      levels: [{ name: 'participant', groups: 2 }],
    },
  });
  const values = new Map(groups.map((group) => [group, group.split('-')[0]!]));
  insertGroupLevel(project, key, 'participant', values);
  return { project, stored: getDataset(project, id) };
}

it('lists groups by name as people count, each with its samples, a page at a time', async () => {
  const { project, stored } = grouped();
  expect(await listGroups(project, stored, { by: 'group', offset: 1, limit: 2 })).toEqual({
    total: 3,
    groups: [
      { name: 'P2-2', samples: 2 },
      { name: 'P10-1', samples: 1 },
    ],
  });
  expect((await listGroups(project, stored, { by: 'participant', offset: 0, limit: 9 })).groups).toEqual([
    { name: 'P2', samples: 3 },
    { name: 'P10', samples: 1 },
  ]);
});

it('says by what groups can be taken, or that there are none', async () => {
  const { project, stored } = grouped();
  await expect(listGroups(project, stored, { by: 'site', offset: 0, limit: 9 })).rejects.toThrow(
    '“people” cannot be taken by “site”. There are: group, participant.',
  );
  const { id } = addDataset(project, 'alone', [sample(0)]);
  await expect(
    listGroups(project, getDataset(project, id), { by: 'group', offset: 0, limit: 9 }),
  ).rejects.toThrow('belong to no groups');
});
