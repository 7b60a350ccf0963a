import { expect, it } from 'vitest';
import type { ImportDraft } from '../../../../../renderer/lib/forms/drafts.ts';
import {
  roleOf,
  shownTable,
  withOrder,
  withTableRole,
  withTarget,
} from '../../../../../renderer/lib/forms/table-columns.ts';
import type { Inspection } from '../../../../../src/contract/messages/rpc.ts';

const FORMAT = 'delimited-table';
const draft = (): ImportDraft => ({
  path: '/a.csv',
  name: 'a',
  inspection: null,
  values: {},
  images: {},
  signals: {},
  text: {},
  own: { [FORMAT]: { fewestOfCategory: 3 } },
  split: { by: 'default' },
});
const column = (name: string, kind: string, use: string) =>
  ({
    name,
    kind,
    use,
    reason: '',
    missing: 0,
    rows: 9,
    distinct: 3,
    isMoreDistinct: false,
    isDoubtful: false,
  }) as Inspection['tableColumns'][number];

it('keeps a kind by the name of its column, and the target and the group where all formats have them', () => {
  const form = draft();
  withTableRole(form, FORMAT, 'age', 'category');
  withTableRole(form, FORMAT, 'income', 'target');
  withTableRole(form, FORMAT, 'clinic', 'group');
  expect(form.values).toEqual({ labelColumn: 'income', group: 'clinic' });
  expect(form.own[FORMAT]).toEqual({ fewestOfCategory: 3, kinds: { age: 'category' } });
  // A target that becomes a feature is no target any more; a feature that becomes the target has no kind.
  withTableRole(form, FORMAT, 'income', 'number');
  withTableRole(form, FORMAT, 'age', 'target');
  expect(form.values).toEqual({ labelColumn: 'age', group: 'clinic' });
  expect(form.own[FORMAT]).toEqual({ fewestOfCategory: 3, kinds: { income: 'number' } });
});

it('keeps several targets where several are to be learned at once', () => {
  const form = draft();
  form.values['target'] = 'labels';
  for (const name of ['rain', 'wind']) withTableRole(form, FORMAT, name, 'target');
  expect(form.values).toEqual({ target: 'labels', labelColumns: ['rain', 'wind'] });
  withTableRole(form, FORMAT, 'rain', 'yes-no');
  withTableRole(form, FORMAT, 'wind', 'number');
  expect(form.values).toEqual({ target: 'labels' });
});

it('keeps the target that was chosen where one becomes several, and back', () => {
  const form = draft();
  withTableRole(form, FORMAT, 'rain', 'target');
  withTarget(form, 'labels');
  withTableRole(form, FORMAT, 'wind', 'target');
  expect(form.values).toEqual({ target: 'labels', labelColumns: ['rain', 'wind'] });
  withTarget(form, 'classes');
  expect(form.values).toEqual({ target: 'classes', labelColumn: 'rain' });
});

it('keeps an order, and none where nothing is typed', () => {
  const form = draft();
  withOrder(form, FORMAT, 'size', ' small < medium < large ');
  expect(form.own[FORMAT]!['orders']).toEqual({ size: 'small < medium < large' });
  withOrder(form, FORMAT, 'size', ' ');
  expect(form.own[FORMAT]!['orders']).toEqual({});
});

it('carries out what was shown', () => {
  const tableColumns = [
    column('age', 'whole-number', 'feature'),
    column('note', 'text', 'left-out'),
    column('income', 'category', 'target'),
    column('clinic', 'category', 'group'),
  ];
  expect(shownTable({ tableColumns } as Inspection)).toEqual({
    kinds: { age: 'whole-number', note: 'left-out' },
    targets: ['income'],
  });
  expect(shownTable({ tableColumns: [] as Inspection['tableColumns'] } as Inspection)).toBeNull();
  expect(tableColumns.map(roleOf)).toEqual(['whole-number', 'left-out', 'target', 'group']);
});
