/** A stored table read as a whole. */
import { join } from 'node:path';
import type { StoredTable } from '../../../../../src/data/tables/stored/stored.ts';
import type { ListedFile } from '../../../../../src/data/reading/listing.ts';
import type { TableSource } from '../../../../../src/data/tables/source.ts';
import { folderOf } from '../../../../fixtures/imports.ts';

export async function listed(name: string, content: Uint8Array): Promise<ListedFile> {
  return { path: name, absolute: join(await folderOf({ [name]: content }), name) };
}

/** All rows with their lines, and what was said of some. */
export async function allRows({ rows }: Pick<StoredTable, 'rows'> | Pick<TableSource, 'rows'>) {
  const cells: (readonly (string | number)[])[] = [];
  const lines: number[] = [];
  const problems: [reason: string, message: string, line: number][] = [];
  let blocks = 0;
  for await (const block of rows((...problem) => problems.push(problem))) {
    blocks += 1;
    for (const row of block) {
      cells.push(row.cells);
      lines.push(row.line);
    }
  }
  return { cells, lines, problems, blocks };
}
