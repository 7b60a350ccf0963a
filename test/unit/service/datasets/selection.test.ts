import { describe, expect, it } from 'vitest';
import { getDataset } from '../../../../src/project/index.ts';
import { selectFew } from '../../../../src/service/datasets/selection.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';

describe('a selection of few samples', () => {
  const samples = Array.from({ length: 50 }, (_, at) => sample(at, { byteOffset: at * 256 }));
  const many = () => {
    const project = temporaryProject();
    return { project, stored: getDataset(project, addDataset(project, 'many', samples).id) };
  };

  it('holds those alone, in the order asked for', async () => {
    const { project, stored } = many();
    const { name, shape, offsets, splits, shard } = await selectFew(project, stored, [40, 3]);
    expect({ name, shape }).toEqual({ name: 'many', shape: [16, 16, 1] });
    expect([...offsets]).toEqual([40 * 256, 3 * 256]);
    expect(splits).toHaveLength(2);
    expect(shard).toContain(stored.shard);
  });

  it('is refused where a sample is not there', async () => {
    const { project, stored } = many();
    await expect(selectFew(project, stored, [50])).rejects.toThrow(/not in the list/);
  });
});
