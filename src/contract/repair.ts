/** What became of a damaged project's database, and what a thorough check found. */
import { z } from 'zod';

export const repairReportSchema = z.object({
  /** What was wrong, in SQLite's words. */
  problems: z.array(z.string()),
  /** Rows by table; what is lost may be more than was seen. */
  tables: z.array(z.object({ table: z.string(), saved: z.number().int(), lost: z.number().int() })),
  /** Datasets that lacked samples, and have to be imported again. */
  lostDatasets: z.array(z.string()),
  /** Models whose entry was lost, and that were taken back from their folders. */
  adoptedModels: z.array(z.string()),
  /** Notes that could not be read, and stand empty now: column and number of rows, as `datasets.copies: 1`. */
  emptiedNotes: z.array(z.string()),
  /** The damaged file, under the name by which it was kept. */
  kept: z.string(),
});
export type RepairReport = z.infer<typeof repairReportSchema>;

export const projectCheckSchema = z.object({
  sound: z.boolean(),
  /** Each is something wrong, in a sentence. */
  problems: z.array(z.string()),
  /** Files that were compared with what the database says of them. */
  files: z.number().int(),
});
export type ProjectCheck = z.infer<typeof projectCheckSchema>;
