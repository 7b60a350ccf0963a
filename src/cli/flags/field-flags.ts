/** Flags made from fields of a schema: their names, their help and how a value is read. */
import { InvalidArgumentError, Option } from 'commander';
import type { FieldSchema } from '../../contract/field-schema.ts';

export interface Flag {
  /** Where the value belongs: `['signals', 'windowLength']`. */
  path: string[];
  field: FieldSchema;
  /** Ids of the formats that alone are told this; none: it is shared by formats. */
  formats: string[];
}

export const optionName = ({ path }: Flag) => path.at(-1)!;
export const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export function toOption(flag: Flag): Option {
  const { field } = flag;
  const name = `--${kebab(optionName(flag))}`;
  const [first, second] = flag.path;
  const where = flag.formats.length > 0 ? someOf(flag.formats) : second && first;
  const help = `${field.description ?? ''}${field.unit ? ` In ${field.unit}.` : ''}${where ? ` (${where})` : ''}`;
  const shownDefault =
    field.default === undefined || isEmptyList(field.default)
      ? ''
      : ` Default: ${JSON.stringify(field.default).replaceAll('"', '')}.`;
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

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** What many formats are told is not listed for each. */
const someOf = (formats: readonly string[]): string =>
  formats.length > 4
    ? `${formats.slice(0, 3).join(', ')} and ${formats.length - 3} more`
    : formats.join(', ');

function parseNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw new InvalidArgumentError('It must be a number.');
  return number;
}

function parseSwitch(text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new InvalidArgumentError('It must be true or false.');
  return text === 'true';
}

export const parseList = (text: string) => text.split(',').map((part) => part.trim());

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
