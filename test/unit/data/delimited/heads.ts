/** Heads of delimited files and options, as plans of columns are made from. */
import { importSchema, type ImportOptions } from '../../../../src/contract/data/import.ts';
import { detectDialect, type Dialect } from '../../../../src/data/delimited/dialect.ts';
import type { NamedHead, PlanContext } from '../../../../src/data/delimited/plan-types.ts';

export const optionsOf = (options: Record<string, unknown> = {}): ImportOptions =>
  importSchema.parse({ path: 'x', ...options });

export const dialectOf = (text: string): Dialect => detectDialect({ first: text, later: [] })!;

export const headOf = (path: string, text: string, more: Partial<NamedHead> = {}): NamedHead => ({
  path,
  encoding: 'utf-8',
  dialect: dialectOf(text),
  ...more,
});

/** A table: its header, and as many rows as asked for. */
export const table = (header: string, rows: number, row: (at: number) => (string | number)[]): string =>
  `${header === '' ? '' : `${header}\n`}${Array.from({ length: rows }, (_, at) => `${row(at).join(',')}\n`).join('')}`;

export const noLabels: PlanContext = { filesHaveLabels: false, foldersHaveLabels: false };

/** A measured value that is neither even nor rising. */
export const noise = (at: number): string => (Math.sin(at * 12.9898) * 4.3).toFixed(3);
