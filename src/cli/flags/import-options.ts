/** The flags of `data import`, made from the import's schema and from what the readers say of their own options. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { z } from 'zod';
import type { ReaderDescription } from '../../contract/catalogue.ts';
import type { FieldSchema } from '../../contract/field-schema.ts';
import { importSchema, splitSchema, type ImportOptions } from '../../contract/recipe/recipe.ts';
import { UsageError } from '../environment.ts';
import { kebab, optionName, parseList, toOption, type Flag } from './field-flags.ts';

/** `path` is the argument, `split` has a grammar of its own, `options` are those of the readers. */
const ELSEWHERE = ['path', 'split', 'options'];

function flagsOf(schema: FieldSchema, path: string[] = []): Flag[] {
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => path.length > 0 || !ELSEWHERE.includes(name))
    .flatMap(([name, field]) =>
      field.properties ? flagsOf(field, [...path, name]) : [{ path: [...path, name], field, formats: [] }],
    );
}

const shared = flagsOf(z.toJSONSchema(importSchema, { io: 'input' }) as FieldSchema);

/** What readers alone are told: options of one name are one flag, whichever format then reads it. */
function ownFlags(readers: readonly ReaderDescription[]): Flag[] {
  const flags = readers.flatMap(({ id, options }) =>
    flagsOf(options as FieldSchema, ['options']).map((flag) => ({ ...flag, formats: [id] })),
  );
  return [...Map.groupBy(flags, optionName).values()].map((same) => ({
    ...same[0]!,
    formats: same.flatMap(({ formats }) => formats),
  }));
}

const flagsFor = (readers: readonly ReaderDescription[]) => [...shared, ...ownFlags(readers)];

/** The flag of each option by its name. */
export const flagNames = (readers: readonly ReaderDescription[]): ReadonlyMap<string, string> =>
  new Map(flagsFor(readers).map((flag) => [optionName(flag), `--${kebab(optionName(flag))}`]));

const SPLIT_HELP =
  'folder, random (random:validation=0.15;test=0.2;seed=1), or a column with its values: session:test=3,4;validation=2';

/** @param readers all there are; their own options become flags too, and the help tells of each format */
export function addImportFlags(command: Command, readers: readonly ReaderDescription[]): Command {
  for (const flag of flagsFor(readers)) command.addOption(toOption(flag));
  return command
    .addOption(new Option('--split <rule>', SPLIT_HELP).argParser(parseSplit))
    .addHelpText('after', () => `\n${formatHelp(readers)}`);
}

/** The formats, a line or two each. */
function formatHelp(readers: readonly ReaderDescription[]): string {
  const lines = readers.map(({ id, title, summary }) => `  ${id}: ${title}. ${summary}`);
  return ['Formats (--format):', ...lines].join('\n');
}

/**
 * The import's options from the parsed flags.
 *
 * @param before options of an earlier import, which hold where no flag says otherwise
 * @throws UsageError for a value that is out of range
 */
export function toImportOptions(
  path: string,
  values: Record<string, unknown>,
  readers: readonly ReaderDescription[],
  before?: ImportOptions,
): ImportOptions {
  const { options: own, ...shared } = before ?? {};
  // What one format alone was told says nothing to another.
  const isSame = values['format'] === undefined || values['format'] === before?.format;
  const input: Record<string, unknown> = {
    ...shared,
    ...(isSame && own && { options: own }),
    path,
    ...(values['split'] !== undefined && { split: values['split'] }),
  };
  for (const flag of flagsFor(readers)) {
    const value = values[optionName(flag)];
    if (value === undefined) continue;
    Object.assign(input, within(input, flag.path, value));
  }
  const parsed = importSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new UsageError(`--${kebab(String(issue.path.at(-1)))} ${issue.message}`);
}

/** The same object with a value at a path, which may lead through groups that are not there yet. */
function within(
  object: Record<string, unknown>,
  [name, ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const inner = (object[name!] ?? {}) as Record<string, unknown>;
  return { ...object, [name!]: rest.length === 0 ? value : within(inner, rest, value) };
}

/** `folder`, `random:test=0.2`, `session:test=3,4;validation=2`. */
export function parseSplit(text: string): z.infer<typeof splitSchema> {
  const [by = '', details = ''] = text.split(/:(.*)/s);
  const entries = details
    .split(';')
    .filter(Boolean)
    .map((part) => part.split(/=(.*)/s).map((side) => side.trim()));
  const fields = Object.fromEntries(
    entries.map(([key, value = '']) => [key, by === 'random' ? Number(value) : parseList(value)]),
  );
  const rule =
    by === 'folder' || by === 'random' ? { by, ...fields } : { by: 'column', column: by, ...fields };
  const strict = splitSchema.options.find((option) => option.shape.by.value === rule.by)?.strict();
  const parsed = strict?.safeParse(rule);
  if (by === '' || !parsed?.success) throw new InvalidArgumentError(`It must be ${SPLIT_HELP}.`);
  return parsed.data;
}
