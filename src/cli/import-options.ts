/** The flags of `data import`, made from the import's schema: every option there is a flag here. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { z } from 'zod';
import { importSchema, splitSchema, type ImportOptions } from '../contract/recipe/recipe.ts';
import { UsageError } from './environment.ts';

interface FieldSchema {
  type?: string;
  enum?: string[];
  description?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, FieldSchema>;
  additionalProperties?: unknown;
}

interface Flag {
  /** Where the value belongs: `['signals', 'windowLength']`. */
  path: string[];
  field: FieldSchema;
}

/** `path` is the argument, `split` has a grammar of its own. */
const ELSEWHERE = ['path', 'split'];

function flagsOf(schema: FieldSchema, path: string[] = []): Flag[] {
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => path.length > 0 || !ELSEWHERE.includes(name))
    .flatMap(([name, field]) =>
      field.properties ? flagsOf(field, [...path, name]) : [{ path: [...path, name], field }],
    );
}

const schema = z.toJSONSchema(importSchema, { io: 'input' }) as FieldSchema;
const flags = flagsOf(schema);
const optionName = ({ path }: Flag) => path.at(-1)!;
const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export const SPLIT_HELP =
  'folder, random (random:validation=0.15;test=0.2;seed=1), or a column with its values: session:test=3,4;validation=2';

export function addImportFlags(command: Command): Command {
  for (const flag of flags) command.addOption(toOption(flag));
  return command.addOption(new Option('--split <rule>', SPLIT_HELP).argParser(parseSplit));
}

function toOption(flag: Flag): Option {
  const { field } = flag;
  const name = `--${kebab(optionName(flag))}`;
  const help = `${field.description ?? ''}${flag.path.length > 1 ? ` (${flag.path[0]})` : ''}`;
  const shownDefault =
    field.default === undefined ? '' : ` Default: ${JSON.stringify(field.default).replaceAll('"', '')}.`;
  const text = help + (help.includes('Default:') ? '' : shownDefault);
  if (field.enum) return new Option(`${name} <choice>`, text).choices(field.enum);
  if (field.type === 'integer' || field.type === 'number')
    return new Option(`${name} <number>`, text).argParser(parseNumber);
  if (field.type === 'array')
    return new Option(`${name} <names>`, `${text} Several with commas.`).argParser(parseList);
  if (field.type === 'object') return new Option(`${name} <value=name...>`, text).argParser(parsePair);
  return new Option(`${name} <text>`, text);
}

/** The import's options from the parsed flags. Throws a UsageError for a value that is out of range. */
export function toImportOptions(path: string, values: Record<string, unknown>): ImportOptions {
  const input: Record<string, unknown> = {
    path,
    ...(values['split'] !== undefined && { split: values['split'] }),
  };
  for (const flag of flags) {
    const value = values[optionName(flag)];
    if (value === undefined) continue;
    const [first, second] = flag.path;
    if (second === undefined) input[first!] = value;
    else input[first!] = { ...(input[first!] as object | undefined), [second]: value };
  }
  const parsed = importSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new UsageError(`--${kebab(String(issue.path.at(-1)))}: ${issue.message}.`);
}

function parseNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw new InvalidArgumentError('It must be a number.');
  return number;
}

const parseList = (text: string) => text.split(',').map((part) => part.trim());

function parsePair(text: string, before: Record<string, string> | undefined): Record<string, string> {
  const [key, ...rest] = text.split('=');
  if (!key || rest.length === 0) throw new InvalidArgumentError('It must be value=name, for example 0=rest.');
  return { ...before, [key]: rest.join('=') };
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
