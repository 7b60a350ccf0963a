/** Places what a schema says of a document: each problem with the field that it is about, in the words of the fields. */
import type { z } from 'zod';
import { fieldNames, issueWords, unknownFieldWords } from '../../contract/field-words.ts';

export type Path = readonly (string | number)[];

export interface Problem {
  /** Where in the document. */
  path: Path;
  message: string;
  /** The problem is the field's name, not its value. */
  aboutKey?: boolean;
  /** The message itself says what to do, which may be elsewhere than in this field. */
  advises?: true;
}

/** Of a failure that is told as a problem: with what to do, where it says so. */
export const told = (message: string, remedy: string | undefined): Pick<Problem, 'message' | 'advises'> =>
  remedy ? { message: `${message} ${remedy}`, advises: true } : { message };

export type FieldCheck<T> = { value: T; problems: [] } | { value: null; problems: Problem[] };

/** `base` is where the checked part stands in the whole document. */
export function checkFields<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  base: Path = [],
): FieldCheck<z.output<Schema>> {
  const parsed = schema.safeParse(input, { error: words });
  if (parsed.success) return { value: parsed.data, problems: [] };
  return { value: null, problems: parsed.error.issues.flatMap((issue) => placed(issue, base)) };
}

/** Several unknown fields are one issue to zod, and a problem each here: it hands on the names of those there are. */
const words = (issue: z.core.$ZodRawIssue): string | undefined =>
  issue.code === 'unrecognized_keys' ? fieldNames(issue.inst).join(' ') : issueWords(issue);

/** An issue at its field. */
function placed(issue: z.core.$ZodIssue, base: Path): Problem[] {
  const path = [...base, ...(issue.path as Path)];
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(' ');
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: unknownFieldWords(key, known),
      aboutKey: true,
    }));
  }
  // A value that fits one of several forms in kind is wrong by what that form says of it.
  const meant = issue.code === 'invalid_union' ? formMeant(issue.errors) : null;
  if (meant) return meant.flatMap((inner) => placed(inner, path));
  if (issue.code === 'invalid_key') return issue.issues.flatMap((inner) => placed(inner, path));
  return [{ path, message: `${nameOf(path)} ${issue.message.replace(/(Found: .*)\.$/, '$1')}` }];
}

/** Of what each form says against a value: what the one says that it is nearest to, if there is one. */
function formMeant(forms: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | null {
  const alike = forms
    .filter((issues) => issues.every(isWithin))
    .map((issues) => [issues, weight(issues)] as const);
  const least = Math.min(...alike.map(([, faults]) => faults));
  const [nearest, other] = alike.filter(([, faults]) => faults === least);
  return nearest && !other ? nearest[0] : null;
}

/** It is about a field of the value: the value is of the form's kind. */
const isWithin = ({ path, code }: z.core.$ZodIssue): boolean =>
  path.length > 0 || code === 'unrecognized_keys';

const weight = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);

/** `a.b[2].c`, in backticks. */
export function nameOf(path: Path): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return `\`${text.replace(/^\./, '') || 'the recipe'}\``;
}
