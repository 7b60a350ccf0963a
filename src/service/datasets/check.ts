/** A thorough look at a project: what its database says of its files, and the samples of its datasets themselves. */
import type { ProjectCheck } from '../../contract/repair.ts';
import { verifyShard } from '../../data/index.ts';
import {
  checkProject,
  getDataset,
  isPlainFile,
  listDatasets,
  shardFile,
  type WritableProject,
} from '../../project/index.ts';

/** Compares every block of samples with the checksum that was written with it. */
export async function checkWithSamples(project: WritableProject): Promise<ProjectCheck> {
  const { problems, files } = await checkProject(project);
  const inSamples: string[] = [];
  for (const { id, name } of listDatasets(project)) {
    const file = shardFile(project.folder, getDataset(project, id).shard);
    // One that is gone was told of already.
    const failure = isPlainFile(file) ? await verifyShard(file, name) : null;
    if (failure) inSamples.push(`${failure.message} ${failure.remedy ?? ''}`.trim());
  }
  const all = [...problems, ...inSamples];
  return { sound: all.length === 0, problems: all, files };
}
