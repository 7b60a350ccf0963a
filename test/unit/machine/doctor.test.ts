import { expect, test } from 'vitest';
import { crashItem } from '../../../src/machine/doctor.ts';

test('the doctor says where crash reports lie, and of when the latest is', () => {
  expect(crashItem([], '/reports')).toMatchObject({ value: 'none', state: 'information' });
  const reports = [
    '/reports/2026-03-04T05-06-07-008Z trainer.txt',
    '/reports/2026-01-01T00-00-00-000Z main.txt',
  ];
  expect(crashItem(reports, '/reports')).toMatchObject({
    value: '2 in /reports, the latest of 2026-03-04',
    remedy: expect.stringContaining('hold no data') as string,
  });
});
