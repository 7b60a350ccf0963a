/** The flags by which answers for windows become stretches. */
import type { Command } from 'commander';
import { z } from 'zod';
import type { FieldSchema } from '../../contract/field-schema.ts';
import { smoothingSchema, type Smoothing } from '../../contract/model/stretches.ts';
import { UsageError } from '../environment.ts';
import { kebab, toOption } from './field-flags.ts';

const fields = Object.entries(
  (z.toJSONSchema(smoothingSchema, { io: 'input' }) as FieldSchema).properties ?? {},
);

export function addSmoothingFlags(command: Command): Command {
  for (const [name, field] of fields) command.addOption(toOption({ path: [name], field, formats: [] }));
  return command;
}

/** @throws UsageError for a value that is out of range */
export function toSmoothing(values: Record<string, unknown>): Smoothing {
  const told = Object.fromEntries(
    fields.flatMap(([name]) => (values[name] === undefined ? [] : [[name, values[name]]])),
  );
  const parsed = smoothingSchema.safeParse(told);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new UsageError(`--${kebab(String(issue.path.at(-1)))} ${issue.message}`);
}

/** The first of these flags that was given. */
export const smoothingFlag = (values: Record<string, unknown>): string | null => {
  const given = fields.find(([name]) => values[name] !== undefined);
  return given ? `--${kebab(given[0])}` : null;
};
