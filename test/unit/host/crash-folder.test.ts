import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { crashFolder, keepCrashReport, listCrashReports } from '../../../src/host/crash-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pretext-crashes-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
});
const crash = { process: 'trainer', how: 'by SIGSEGV', trace: '', seconds: null } as const;

test('the folder is the one chosen, or lies beside the settings', () => {
  expect(crashFolder({ PRETEXT_CRASH_REPORTS: '/there' })).toBe('/there');
  expect(crashFolder({ PRETEXT_CONFIG: '/config' })).toBe(join('/config', 'crash-reports'));
});

test('a report is written whole, by its time and its process', () => {
  const file = keepCrashReport(crash, join(folder, 'new'), new Date('2026-03-04T05:06:07.008Z'));
  expect(file).toBe(join(folder, 'new', '2026-03-04T05-06-07-008Z trainer.txt'));
  expect(readFileSync(file!, 'utf8')).toContain('ended: by SIGSEGV');
  expect(readdirSync(join(folder, 'new'))).toHaveLength(1);
});

test('the latest twenty stay, and files of others are left alone', () => {
  writeFileSync(join(folder, 'mine.txt'), 'mine');
  const minute = (at: number) => new Date(Date.UTC(2026, 0, 1, 0, at));
  for (let at = 0; at < 23; at += 1) keepCrashReport(crash, folder, minute(at));
  const reports = listCrashReports(folder);
  expect(reports).toHaveLength(20);
  expect(reports[0]).toContain('T00-22-00');
  expect(reports.at(-1)).toContain('T00-03-00');
  expect(readdirSync(folder)).toContain('mine.txt');
});

test('one that cannot be written is told, and throws nothing', () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  mkdirSync(join(folder, 'x'));
  writeFileSync(join(folder, 'x', 'file'), '');
  expect(keepCrashReport(crash, join(folder, 'x', 'file', 'below'))).toBeNull();
  expect(told).toHaveBeenCalledWith(expect.stringContaining('No crash report could be written'));
  expect(listCrashReports(join(folder, 'never'))).toEqual([]);
});
