/** What a plan of columns is made from and what it says. */
import type { Doubt } from '../../contract/messages/rpc.ts';
import type { Dialect } from './dialect.ts';
import type { Encoding } from './encoding.ts';
import type { Pace } from './facts.ts';
import type { NumberFormat } from './numbers.ts';
import type { Column } from './roles.ts';

export interface NamedHead {
  path: string;
  encoding: Encoding;
  dialect: Dialect;
}

export interface PlanContext {
  /** The label file or the path pattern gives labels. */
  filesHaveLabels: boolean;
  /** Class folders give labels. */
  foldersHaveLabels: boolean;
}

export interface FileRate {
  path: string;
  hz: number;
  pace: Pace | null;
}

export interface DelimitedPlan {
  /** Of the usual file. */
  dialect: Dialect;
  encoding: Encoding;
  format: NumberFormat;
  columns: Column[];
  channels: { column: Column; name: string }[];
  label: Column | null;
  time: Column | null;
  groups: Column[];
  labelFrom: 'column' | 'file' | 'none';
  /** Samples per second before resampling; null where nothing says it. */
  samplingRate: number | null;
  rateFrom: 'told' | 'stated' | 'time' | null;
  doubts: Doubt[];
}

/** What one file's columns are by the plan. */
export interface FileColumns {
  channels: number[];
  label: number | null;
  time: number | null;
  groups: (number | null)[];
  /** The columns stand in another order than in the usual file. */
  isReordered: boolean;
}

export function sameColumns(one: Dialect, other: Dialect): boolean {
  if (one.columnCount !== other.columnCount) return false;
  if (!one.header || !other.header) return true;
  return one.header.join('\n') === other.header.join('\n');
}

/** Two rates that clocks of the same device may show; those of rows that come late or are lost are not known so well. */
export const sameRate = (one: number, other: number, isRough = false): boolean =>
  Math.abs(one - other) <= (isRough ? 0.15 : 0.02) * other;
