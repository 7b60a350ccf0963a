/** The flags of `data import`, made from the import's schema and from what the readers say of their own options. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { z } from 'zod';
import type { ReaderDescription } from '../../contract/catalogue.ts';
import type { FieldSchema } from '../../contract/field-schema.ts';
import { importSchema, splitSchema, type ImportOptions } from '../../contract/recipe/recipe.ts';
import { UsageError } from '../environment.ts';

interface Flag {
  /** Where the value belongs: `['signals', 'windowLength']`. */
  path: string[];
  field: FieldSchema;
  /** Ids of the formats that alone are told this; none: it is shared by formats. */
  formats: string[];
}

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
const optionName = ({ path }: Flag) => path.at(-1)!;
const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

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

function toOption(flag: Flag): Option {
  const { field } = flag;
  const name = `--${kebab(optionName(flag))}`;
  const [first, second] = flag.path;
  const where = flag.formats.length > 0 ? someOf(flag.formats) : second && first;
  const help = `${field.description ?? ''}${field.unit ? ` In ${field.unit}.` : ''}${where ? ` (${where})` : ''}`;
  const shownDefault =
    field.default === undefined ? '' : ` Default: ${JSON.stringify(field.default).replaceAll('"', '')}.`;
  const text = help + (help.includes('Default:') ? '' : shownDefault);
  if (field.type === 'boolean') return new Option(`${name} <true|false>`, text).argParser(parseSwitch);
  if (field.enum) return new Option(`${name} <choice>`, text).choices(field.enum.map(String));
  if (field.type === 'integer' || field.type === 'number')
    return new Option(`${name} <number>`, text).argParser(parseNumber);
  if (field.type === 'array' && field.items?.oneOf)
    return new Option(`${name} <step:field=value;…...>`, text).argParser(parseForm(field.items.oneOf));
  if (field.type === 'array')
    return new Option(`${name} <names>`, `${text} Several with commas.`).argParser(parseList);
  if (field.type === 'object') return new Option(`${name} <value=name...>`, text).argParser(parsePair);
  return new Option(`${name} <text>`, text);
}

/** What many formats are told is not listed for each. */
const someOf = (formats: readonly string[]): string =>
  formats.length > 4
    ? `${formats.slice(0, 3).join(', ')} and ${formats.length - 3} more`
    : formats.join(', ');

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

function parseNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw new InvalidArgumentError('It must be a number.');
  return number;
}

function parseSwitch(text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new InvalidArgumentError('It must be true or false.');
  return text === 'true';
}

const parseList = (text: string) => text.split(',').map((part) => part.trim());

function parsePair(text: string, before: Record<string, string> | undefined): Record<string, string> {
  const [key, ...rest] = text.split('=');
  if (!key || rest.length === 0) throw new InvalidArgumentError('It must be value=name, for example 0=rest.');
  return { ...before, [key]: rest.join('=') };
}

/** `high-pass:at=0.5;order=4`, one a flag, in their order: the fields of whichever form its first word names. */
const parseForm =
  (forms: readonly FieldSchema[]) =>
  (text: string, before: object[] | undefined): object[] => {
    const [name = '', details = ''] = text.split(/:(.*)/s).map((part) => part.trim());
    const constants = forms.map(({ properties = {} }) =>
      Object.entries(properties).find(([, one]) => one.const !== undefined),
    );
    const at = constants.findIndex((one) => one?.[1].const === name);
    const [key, form] = [constants[at]?.[0], forms[at]];
    if (!key || !form)
      throw new InvalidArgumentError(
        `It must begin with one of ${constants.map((one) => String(one?.[1].const)).join(', ')}.`,
      );
    const fields = details
      .split(';')
      .filter(Boolean)
      .map((part): [string, unknown] => {
        const [field = '', value = ''] = part.split(/=(.*)/s).map((side) => side.trim());
        return [field, valueOf(form.properties?.[field], value)];
      });
    return [...(before ?? []), { [key]: name, ...Object.fromEntries(fields) }];
  };

function valueOf(field: FieldSchema | undefined, text: string): unknown {
  if (field?.type === 'number' || field?.type === 'integer') return parseNumber(text);
  return field?.type === 'boolean' ? parseSwitch(text) : text;
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
