/** What only datasets of tables are asked. */
import { z } from 'zod';
import { columnRelationSchema, rowsPageSchema, rowsWishSchema } from '../data/table-rows.ts';
import { action } from './action.ts';

export const tableActions = {
  /** Rows of a table, by the values of a column where that is asked for. */
  rows: action.input(rowsWishSchema).output(rowsPageSchema),
  columnRelation: action
    .input(z.object({ datasetId: z.string(), column: z.string() }))
    .output(columnRelationSchema),
};
