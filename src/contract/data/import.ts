/**
 * What an import is told. Every field has a default or is found in the files, a range and a sentence of help.
 *
 * What several formats have in common stands here, in groups; what one format alone is told is declared by its reader
 * (`data/readers`) and stands under `options`.
 */
import { z } from 'zod';
import {
  asField,
  choiceField,
  integerField,
  listField,
  numberField,
  recordField,
  switchField,
  textField,
} from '../fields.ts';
import { folderRolesSchema } from './folder-plan.ts';
import { KIND_CHOICES } from './recordings/signal-kinds.ts';
import { splitSchema } from './splits/split.ts';

/** What a column of a delimited text is. */
export const columnRoleSchema = z.enum(['time', 'channel', 'label', 'group', 'ignored']);
export type ColumnRole = z.infer<typeof columnRoleSchema>;

export const importSchema = z.strictObject({
  path: textField({
    help: 'File or folder to import. In a recipe, relative to the recipe file.',
    minimum: 1,
  }),
  format: textField({
    help: 'How to read it, by the id of a format; auto looks at the files.',
    minimum: 1,
    default: 'auto',
  }),
  options: recordField({
    help: 'What this format alone is told; each format says what that is.',
    of: z.unknown(),
    optional: true,
  }),
  labels: textField({
    help: 'CSV file of labels (a column with the file name, one with the label, any others).',
    optional: true,
  }),
  labelColumn: textField({
    help: 'Column that holds the label. Default: label, class or target.',
    optional: true,
  }),
  fileColumn: textField({
    help: 'Column that holds the file name. Default: file, filename, path or image.',
    optional: true,
  }),
  labelColumns: listField({
    of: z.string(),
    help: 'Columns that hold several labels (yes or no in each) or several numbers, where the target is those.',
    minimum: 1,
    maximum: 1000,
    optional: true,
  }),
  target: choiceField({
    help: 'Labels are classes, or a number to predict; or several labels at once (yes or no each), or several numbers, each from a column of its own.',
    choices: ['classes', 'number', 'labels', 'numbers'],
    default: 'classes',
  }),
  pathPattern: textField({
    help: 'Columns taken from the path, for example {participant}-{session}/{gesture}.txt',
    optional: true,
  }),
  folders: asField(folderRolesSchema, {
    help: 'What each level of folders is, from the top: split, class, group (subject, site) or ignored, for example group/class. Default: as understood; asked where it could be two things.',
    optional: true,
  }),
  group: textField({
    help: 'Column whose values are never parted between splits (subject, patient, site); several joined by +.',
    optional: true,
  }),
  split: asField(splitSchema, {
    help: 'How samples are divided into training, validation and test. Default: by folder if there are such folders, else random.',
    optional: true,
  }),
  images: z
    .strictObject({
      size: integerField({
        unit: 'px',
        help: 'Side that images are stored at. Default: their own size, at most 128.',
        minimum: 8,
        maximum: 512,
        optional: true,
      }),
      color: choiceField({
        help: 'Grey has one channel, color three.',
        choices: ['auto', 'grey', 'color'],
        default: 'auto',
      }),
      pages: choiceField({
        help: 'What the pages of a TIFF file are: channels of one picture (stains, bands, focal planes), or pictures of which the first is taken. Default: asked where there are several.',
        choices: ['ask', 'channels', 'first'],
        optional: true,
        assumed: 'ask',
      }),
      bits: integerField({
        help: 'Bits that values of 16-bit images use at least (12 for many cameras), to give several imports one scale. Default: as many as the largest value needs.',
        minimum: 9,
        maximum: 16,
        optional: true,
      }),
    })
    .prefault({}),
  text: z
    .strictObject({
      encoding: choiceField({
        help: 'Encoding of delimited text.',
        choices: ['auto', 'utf-8', 'utf-16le', 'utf-16be', 'windows-1252'],
        default: 'auto',
      }),
      delimiter: choiceField({
        help: 'What parts columns.',
        choices: ['auto', 'comma', 'semicolon', 'tab', 'bar', 'space'],
        default: 'auto',
      }),
      decimal: choiceField({
        help: 'Decimal sign of numbers; the other sign then groups thousands.',
        choices: ['auto', 'point', 'comma'],
        default: 'auto',
      }),
      headerLine: integerField({
        help: 'Line that holds the names of columns, from 1; 0 for none. Default: looked for.',
        minimum: 0,
        maximum: 1000,
        optional: true,
      }),
    })
    .prefault({}),
  signals: z
    .strictObject({
      kind: choiceField({
        title: 'Kind of signal',
        help: 'What the recordings are of, by which default views are chosen: auto finds it from names, units and rate of the channels. Default: auto.',
        choices: KIND_CHOICES,
        optional: true,
        assumed: 'auto',
      }),
      samplingRate: numberField({
        unit: 'Hz',
        help: 'Samples per second. Default: read from the files, where they say it; else it is asked for.',
        minimum: 0,
        open: true,
        maximum: 1_000_000,
        optional: true,
      }),
      withoutRate: switchField({
        title: 'Rate is not known',
        help: 'Import recordings although nothing says their sampling rate: windows are then counted in samples, and the dataset cannot be put together with others. Default: no.',
        optional: true,
        assumed: false,
      }),
      resampleTo: numberField({
        unit: 'Hz',
        help: 'Bring every recording to this rate, with a filter against aliasing. Default: as it is.',
        minimum: 0,
        open: true,
        maximum: 1_000_000,
        optional: true,
      }),
      uneven: choiceField({
        help: 'Rows that are uneven in time: asked about, or brought to even times by straight lines between neighbours (without a filter against aliasing), at resampleTo or else their mean rate; a gap of more than ten steps parts the recording.',
        choices: ['ask', 'interpolate'],
        optional: true,
        assumed: 'ask',
      }),
      columns: recordField({
        help: 'What columns are, by number from 1 or by name, for example 3: ignored (time, channel, label, group, ignored). Default: found.',
        of: columnRoleSchema,
        optional: true,
      }),
      missing: choiceField({
        help: 'A missing value costs the windows that touch it, or is filled with the last known one.',
        choices: ['drop', 'hold'],
        default: 'drop',
      }),
      channels: listField({
        help: 'Of text: names of the channels, in column order; without a header all columns but the label. Of other recordings: the channels to take, in this order, in any spelling of the 10–20 system; as Frontal=Fp1 under another name.',
        of: z.string(),
        optional: true,
      }),
      windowLength: integerField({
        help: 'Samples in one window.',
        minimum: 8,
        maximum: 65_536,
        default: 128,
      }),
      windowStride: integerField({
        help: 'Samples between window starts. Default: the window length (no overlap).',
        minimum: 1,
        maximum: 65_536,
        optional: true,
      }),
      labelFrom: choiceField({
        help: 'Where the label of a window comes from: a column with a label for every sample, the file (path pattern or label file), or nowhere.',
        choices: ['auto', 'column', 'file', 'none'],
        default: 'auto',
      }),
      labelColumnIndex: integerField({
        help: 'Column number of the label (from 1) where there is no header.',
        minimum: 1,
        maximum: 1_000_000,
        optional: true,
      }),
      mixedWindows: choiceField({
        help: 'What a window with several labels becomes.',
        choices: ['unlabeled', 'majority', 'drop'],
        default: 'unlabeled',
      }),
      classNames: recordField({
        help: 'Names for label values, for example 0: rest.',
        of: z.string(),
        optional: true,
      }),
    })
    .prefault({}),
});
export type ImportOptions = z.infer<typeof importSchema>;

/** Groups of options that formats have in common. */
const IMPORT_GROUPS = ['images', 'text', 'signals'] as const;
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
