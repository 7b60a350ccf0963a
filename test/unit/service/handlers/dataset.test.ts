import { describe, expect, it } from 'vitest';
import { listDatasets, setStudyStatus } from '../../../../src/project/index.ts';
import { connected, failureOf } from '../../../fixtures/connected.ts';
import { addDataset, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';

const withDataset = async () => {
  const project = temporaryProject();
  const { id } = addDataset(
    project,
    'small',
    [0, 1, 2, 3, 4].map((at) => sample(at, at === 4 ? { classId: -1 } : {})),
  );
  return { project, datasetId: id, client: await connected(project) };
};

describe('samples', () => {
  it('are found by their label, by none, and by one that no class has', async () => {
    const { client, datasetId } = await withDataset();
    const sourcesOf = async (label?: string | null) => {
      const wish = { datasetId, offset: 0, limit: 10, ...(label !== undefined && { label }) };
      const { total, samples } = await client.dataset.samples(wish);
      expect(total).toBe(samples.length);
      return samples.map(({ source }) => source);
    };
    expect(await sourcesOf()).toHaveLength(5);
    expect(await sourcesOf('dog')).toEqual(['1.png', '3.png']);
    expect(await sourcesOf(null)).toEqual(['4.png']);
    expect(await sourcesOf('bird')).toEqual([]);
  });
});

describe('a dataset that open studies need', () => {
  it('cannot be renamed or removed; that of ended ones can, with its facts kept for them', async () => {
    const { client, datasetId, project } = await withDataset();
    const studyId = addStudy(project);
    for (const call of [
      client.dataset.rename({ datasetId, name: 'other' }),
      client.dataset.remove({ datasetId }),
      client.dataset.leaveCopiesOut({ datasetId, leaveOut: true }),
    ])
      expect((await failureOf(call)).message).toContain('A study');
    setStudyStatus(project, studyId, 'done');
    expect(await client.dataset.remove({ datasetId })).toMatchObject({ usedBy: ['A study'] });
    expect(listDatasets(project)).toEqual([]);
    expect((await client.dataset.restore({ datasetId })).name).toBe('small');
    expect((await client.dataset.rename({ datasetId, name: 'other' })).name).toBe('other');
  });
});

it('tells what an import was told in the words of now, whatever version told it', async () => {
  const { client, datasetId, project } = await withDataset();
  project.connection
    .prepare(`UPDATE datasets SET import_options = '{"path": "/somewhere", "gone": 1}' WHERE id = ?`)
    .run(datasetId);
  expect(await client.dataset.options({ datasetId })).toMatchObject({
    path: '/somewhere',
    format: 'auto',
    images: { color: 'auto' },
  });
  expect(await failureOf(client.dataset.options({ datasetId: 'none' }))).toMatchObject({
    code: 'dataset.missing',
  });
});

it('labels change in versions, which tell of the studies that used them', async () => {
  const { client, datasetId } = await withDataset();
  const changes = [{ index: 4, label: 'cat' }];
  expect(await client.dataset.changeLabels({ datasetId, changes, tests: false })).toMatchObject({
    samples: 1,
    version: 1,
    dataset: { labeledCount: 5 },
  });
  const { total, versions } = await client.dataset.labelVersions({ datasetId, limit: 5 });
  expect([total, versions[0]]).toMatchObject([2, { madeBy: 'hand', samples: 1, studies: [] }]);
  expect(versions.at(-1)).toMatchObject({ version: 0, madeBy: 'import' });
});
