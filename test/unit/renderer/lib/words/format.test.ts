import { expect, test } from 'vitest';
import {
  budgetWords,
  formatBytes,
  formatCounted,
  formatDuration,
  formatGap,
  formatNumber,
  formatRate,
  formatRelative,
  formatScore,
  formatShape,
  slugOf,
  formatTimeLeft,
} from '../../../../../renderer/lib/words/format.ts';

test('a rate names what it counts, unless that stands beside it', () => {
  expect([formatRate(1234, 'images'), formatRate(0.5, 'images'), formatRate(110_737)]).toEqual([
    '1,234 images/s',
    '0.5 images/s',
    '110,737/s',
  ]);
});

test('counts carry their word', () => {
  expect([
    formatCounted(1, 'sample'),
    formatCounted(4708, 'sample'),
    formatCounted(2, 'class', 'classes'),
  ]).toEqual(['1 sample', '4,708 samples', '2 classes']);
});

test('numbers keep three digits and no noise', () => {
  expect([0, 0.002, 0.12345, 12.345, 1234.5, 0.00001].map(formatNumber)).toEqual([
    '0',
    '0.002',
    '0.123',
    '12.3',
    '1,235',
    '1.0e-5',
  ]);
});

test('durations are as exact as they are useful', () => {
  expect([0.2, 42, 59.7, 95, 120, 1800, 3600, 5400].map(formatDuration)).toEqual([
    'under 1 s',
    '42 s',
    '1 min',
    '1 min 35 s',
    '2 min',
    '30 min',
    '1 h',
    '1 h 30 min',
  ]);
});

test('time left never pretends to seconds', () => {
  expect([2, 31, 61, 3599, 7260].map(formatTimeLeft)).toEqual([
    'a few seconds left',
    '35 s left',
    '2 min left',
    '60 min left',
    '2 h 1 min left',
  ]);
});

test('times are told from now', () => {
  const now = Date.parse('2026-03-10T12:00:00Z');
  const at = (iso: string) => formatRelative(iso, now);
  expect(at('2026-03-10T11:59:30Z')).toBe('just now');
  expect(at('2026-03-10T11:48:00Z')).toBe('12 min ago');
  expect(at('2026-03-10T07:00:00Z')).toBe('5 h ago');
  expect(at('2026-03-09T10:00:00Z')).toBe('yesterday');
  expect(at('2026-02-10T12:00:00Z')).toBe('Feb 10, 2026');
});

test('bytes are decimal', () => {
  expect([999, 1500, 12_300_000, 999_950].map(formatBytes)).toEqual(['999 B', '1.5 kB', '12 MB', '1.0 MB']);
});

test('scores, shapes and budgets are written in the words of the field', () => {
  expect(formatScore('balanced-accuracy', 0.8163)).toBe('81.6 %');
  expect(formatScore('r2', 0.8163)).toBe('0.816');
  expect(formatScore('r2', -0.024)).toBe('−0.024');
  expect(formatShape([28, 32, 1], 'image')).toBe('32 × 28 px, grey');
  expect(formatShape([128, 8], 'signal')).toBe('128 samples × 8 channels');
  expect([budgetWords({ perClass: 1 }), budgetWords({ total: 20 }), budgetWords('all')]).toEqual([
    '1 label per class',
    '20 labels in all',
    'all labels',
  ]);
});

test('an overfit gap has a minus of its own, and none where it is nothing', () => {
  expect([0.234, -0.012, -0.001].map(formatGap)).toEqual(['0.23', '−0.01', '0.00']);
});

test('a name becomes one for files', () => {
  expect(['Chest X-rays', ' (a) ', '…'].map(slugOf)).toEqual(['chest-x-rays', 'a', '']);
});
