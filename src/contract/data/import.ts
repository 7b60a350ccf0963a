/**
 * What an import is told. Every field has a default or is found in the files, a range and a sentence of help.
 *
 * What several formats have in common stands here, in groups; what one format alone is told is declared by its reader
 * (`data/readers`) and stands under `options`.
 */
import { z } from 'zod';
import { folderRolesSchema } from './folder-plan.ts';
import { splitSchema } from './split.ts';

/** What a column of a delimited text is. */
export const columnRoleSchema = z.enum(['time', 'channel', 'label', 'group', 'ignored']);
export type ColumnRole = z.infer<typeof columnRoleSchema>;

export const importSchema = z.object({
  path: z.string().min(1).describe('File or folder to import. In a recipe, relative to the recipe file.'),
  format: z
    .string()
    .min(1)
    .default('auto')
    .describe('How to read it, by the id of a format; auto looks at the files.'),
  options: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('What this format alone is told; each format says what that is.'),
  labels: z
    .string()
    .optional()
    .describe('CSV file of labels (a column with the file name, one with the label, any others).'),
  labelColumn: z
    .string()
    .optional()
    .describe('Column that holds the label. Default: label, class or target.'),
  fileColumn: z
    .string()
    .optional()
    .describe('Column that holds the file name. Default: file, filename, path or image.'),
  target: z
    .enum(['classes', 'number'])
    .default('classes')
    .describe('Labels are classes, or numbers to predict.'),
  pathPattern: z
    .string()
    .optional()
    .describe('Columns taken from the path, for example {participant}-{session}/{gesture}.txt'),
  folders: folderRolesSchema
    .optional()
    .describe(
      'What each level of folders is, from the top: split, class, group (subject, site) or ignored, for example group/class. Default: as understood; asked where it could be two things.',
    ),
  group: z
    .string()
    .optional()
    .describe(
      'Column whose values are never parted between splits (subject, patient, site); several joined by +.',
    ),
  split: splitSchema.optional().describe('Default: by folder if there are such folders, else random.'),
  images: z
    .object({
      size: z
        .number()
        .int()
        .min(8)
        .max(512)
        .optional()
        .describe('Side in pixels that images are stored at. Default: their own size, at most 128.'),
      color: z.enum(['auto', 'grey', 'color']).default('auto').describe('Grey has one channel, color three.'),
      bits: z
        .number()
        .int()
        .min(9)
        .max(16)
        .optional()
        .describe(
          'Bits that values of 16-bit images use at least (12 for many cameras), to give several imports one scale. Default: as many as the largest value needs.',
        ),
    })
    .prefault({}),
  text: z
    .object({
      encoding: z
        .enum(['auto', 'utf-8', 'utf-16le', 'utf-16be', 'windows-1252'])
        .default('auto')
        .describe('Encoding of delimited text.'),
      delimiter: z
        .enum(['auto', 'comma', 'semicolon', 'tab', 'bar', 'space'])
        .default('auto')
        .describe('What parts columns.'),
      decimal: z
        .enum(['auto', 'point', 'comma'])
        .default('auto')
        .describe('Decimal sign of numbers; the other sign then groups thousands.'),
      headerLine: z
        .number()
        .int()
        .min(0)
        .max(1000)
        .optional()
        .describe('Line that holds the names of columns, from 1; 0 for none. Default: looked for.'),
    })
    .prefault({}),
  signals: z
    .object({
      samplingRate: z
        .number()
        .positive()
        .max(1_000_000)
        .optional()
        .describe('Samples per second (Hz). Default: read from the files, where they say it.'),
      resampleTo: z
        .number()
        .positive()
        .max(1_000_000)
        .optional()
        .describe(
          'Bring every recording to this rate (Hz), with a filter against aliasing. Default: as it is.',
        ),
      columns: z
        .record(z.string(), columnRoleSchema)
        .optional()
        .describe(
          'What columns are, by number from 1 or by name, for example 3: ignored (time, channel, label, group, ignored). Default: found.',
        ),
      missing: z
        .enum(['drop', 'hold'])
        .default('drop')
        .describe('A missing value costs the windows that touch it, or is filled with the last known one.'),
      channels: z
        .array(z.string())
        .optional()
        .describe('Names of the channels, in column order; without a header all columns but the label.'),
      windowLength: z.number().int().min(8).max(65_536).default(128).describe('Samples in one window.'),
      windowStride: z
        .number()
        .int()
        .min(1)
        .max(65_536)
        .optional()
        .describe('Samples between window starts. Default: the window length (no overlap).'),
      labelFrom: z
        .enum(['auto', 'column', 'file', 'none'])
        .default('auto')
        .describe(
          'Where the label of a window comes from: a column with a label for every sample, the file (path pattern or label file), or nowhere.',
        ),
      labelColumnIndex: z
        .number()
        .int()
        .min(1)
        .optional()
        .describe('Column number of the label (from 1) where there is no header.'),
      mixedWindows: z
        .enum(['unlabeled', 'majority', 'drop'])
        .default('unlabeled')
        .describe('What a window with several labels becomes.'),
      classNames: z
        .record(z.string(), z.string())
        .optional()
        .describe('Names for label values, for example 0: rest.'),
    })
    .prefault({}),
});
export type ImportOptions = z.infer<typeof importSchema>;

/** Groups of options that formats have in common. */
export const IMPORT_GROUPS = ['images', 'text', 'signals'] as const;
type Group = (typeof IMPORT_GROUPS)[number];

/**
 * An option that some formats have a use for and others not: `labels`, a group as a whole (`images`), or one field of
 * it (`images.size`).
 */
export type SharedOption =
  | Exclude<keyof ImportOptions, 'path' | 'format' | 'options' | 'split'>
  | { [Name in Group]: `${Name}.${Extract<keyof ImportOptions[Name], string>}` }[Group];

/** Whether what a format heeds includes an option: a group includes its fields, and a field its group. */
export const heeds = (heeded: readonly string[], option: string): boolean =>
  heeded.some((one) => one === option || option.startsWith(`${one}.`) || one.startsWith(`${option}.`));

/** Every option that only some formats have a use for, groups by their fields. */
export const SHARED_OPTIONS: readonly string[] = Object.keys(importSchema.shape)
  .filter((name) => !['path', 'format', 'options', 'split'].includes(name))
  .flatMap((name) =>
    (IMPORT_GROUPS as readonly string[]).includes(name)
      ? Object.keys(importSchema.shape[name as Group].unwrap().shape).map((field) => `${name}.${field}`)
      : [name],
  );
