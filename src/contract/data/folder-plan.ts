/** What the folders above the samples were understood as, and what else they could mean. */
import { z } from 'zod';
import { textField } from '../fields.ts';

export const folderRoleSchema = z.enum(['split', 'class', 'group', 'ignored']);
export type FolderRole = z.infer<typeof folderRoleSchema>;

const ROLES = folderRoleSchema.options.join('|');

/** `group/class`: a role for each level of folders, from the top. */
export const folderRolesSchema = textField({
  help: 'Roles of levels of folders.',
  pattern: new RegExp(`^(${ROLES})(/(${ROLES}))*$`),
  allowed: `roles joined by slashes, each one of ${folderRoleSchema.options.join(', ')}, for example group/class`,
});

export const folderLevelSchema = z.object({
  role: folderRoleSchema,
  /** The folders of this level with their files, the first of them; `split` where the role is split. */
  names: z.array(
    z.object({
      name: z.string(),
      files: z.number().int(),
      split: z.enum(['train', 'validation', 'test']).optional(),
    }),
  ),
  nameCount: z.number().int(),
  why: z.string(),
});
export type FolderLevel = z.infer<typeof folderLevelSchema>;

export const folderReadingSchema = z.object({
  /** What the option `folders` takes to read them so. */
  folders: folderRolesSchema,
  words: z.string(),
});
export type FolderReading = z.infer<typeof folderReadingSchema>;

export const folderPlanSchema = z.object({
  /** From the top; folders that only wrap others are no level. */
  levels: z.array(folderLevelSchema),
  /** How `levels` is written as the option `folders`; null where there are no levels. */
  folders: folderRolesSchema.nullable(),
  /** Folders that hold nothing but one other, and say nothing: "photos". */
  wrappers: z.array(z.string()),
  /** Folders whose files are no samples: masks, labels. */
  leftOut: z.array(z.object({ folder: z.string(), files: z.number().int(), why: z.string() })),
  /** What else the folders could mean. */
  alternatives: z.array(folderReadingSchema),
  /** Two readings are equally good: which one is meant? It has to be answered before an import. */
  question: z.string().nullable(),
  warnings: z.array(z.string()),
});
export type FolderPlanSummary = z.infer<typeof folderPlanSchema>;
