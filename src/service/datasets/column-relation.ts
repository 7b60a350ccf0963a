/** How the numbers of a column of a table lie, and how much it has to do with the target: over training rows, streamed. */
import { isCategory } from '../../contract/data/columns.ts';
import { SPLIT_CODE } from '../../contract/data/splits/split.ts';
import type { ColumnRelation } from '../../contract/data/table-rows.ts';
import { relate, openShard } from '../../data/index.ts';
import {
  readSampleArrays,
  shardFile,
  type ReadableProject,
  type StoredDataset,
} from '../../project/index.ts';
import { columnsOf, placeOf } from './table-rows.ts';

export async function readColumnRelation(
  project: ReadableProject,
  stored: StoredDataset,
  name: string,
): Promise<ColumnRelation> {
  const { dataset, key, shard, labelVersion } = stored;
  const columns = columnsOf(dataset);
  const place = placeOf(columns, name);
  const column = columns[place]!;
  const { offsets, splits, classIds, numbers } = await readSampleArrays(
    project,
    key,
    dataset.sampleCount,
    labelVersion,
  );
  const isOfClasses = dataset.target === 'classes';
  const reader = await openShard(shardFile(project.folder, shard), dataset.name);
  try {
    return await relate(reader, {
      offsets,
      width: columns.length,
      place,
      isTraining: (at) => splits[at] === SPLIT_CODE.train,
      isLabeled: (at) => (isOfClasses ? classIds[at]! >= 0 : !Number.isNaN(numbers[at])),
      column: isCategory(column) ? { categories: column.categories.length } : { quantiles: column.quantiles },
      target: isOfClasses ? { classIds, classes: dataset.classes.length } : { numbers },
    });
  } finally {
    await reader.close();
  }
}
