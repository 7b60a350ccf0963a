import { expect, it } from 'vitest';
import {
  columnDoubts,
  otherDoubts,
  shownColumns,
  withColumnRole,
} from '../../../../../renderer/lib/forms/columns.ts';
import type { Inspection } from '../../../../../src/contract/messages/rpc.ts';

const grid = ['time', 'channel', 'label'].map((role) => ({ role })) as Inspection['grid'];

it('has one clock and one label: whatever was it before is left out', () => {
  expect(withColumnRole(grid, {}, 1, 'label')).toEqual({ 2: 'label', 3: 'ignored' });
  expect(withColumnRole(grid, { 3: 'group' }, 1, 'time')).toEqual({ 1: 'ignored', 2: 'time', 3: 'group' });
  expect(withColumnRole(grid, { 1: 'ignored' }, 2, 'channel')).toEqual({ 1: 'ignored', 3: 'channel' });
});

it('carries out the roles that were shown, by the number of the column', () => {
  expect(shownColumns({ grid } as Inspection)).toEqual({ 1: 'time', 2: 'channel', 3: 'label' });
  expect(shownColumns({ grid: [] as Inspection['grid'] } as Inspection)).toBeUndefined();
});

it('shows every doubt once: in the grid, with the text, or among the others', () => {
  const codes = [
    'delimited.decimal',
    'delimited.column',
    'import.folders.labels',
    'table.column',
    'rate.unknown',
  ];
  const inspection = { doubts: codes.map((code) => ({ code })) } as Inspection;
  expect(columnDoubts(inspection).map(({ code }) => code)).toEqual(['delimited.decimal']);
  expect(otherDoubts(inspection).map(({ code }) => code)).toEqual(['rate.unknown']);
});
