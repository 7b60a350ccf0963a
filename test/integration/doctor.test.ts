import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { doctorReportSchema } from '../../src/contract/machine/doctor.ts';
import { cpuFeatures, doctor } from '../../src/machine/doctor.ts';
import { createNodeHost } from '../../src/host/node.ts';

const item = (report: Awaited<ReturnType<typeof doctor>>, id: string) => {
  const found = report.items.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`the report has no item ${id}`);
  return found;
};

/** For the processes of this test. */
function setVariable(name: string, value: string): void {
  vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

test('tells what the machine has: TensorFlow, processor, SQLite, memory and disk', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pretext-doctor-'));
  const report = doctorReportSchema.parse(await doctor(createNodeHost(), folder));
  expect(item(report, 'tensorflow').state).toBe('good');
  expect(item(report, 'tensorflow').value).toMatch(/^2\.\d+\.\d+ on (CPU|GPU), \d+ threads$/);
  const able = process.arch === 'arm64' || cpuFeatures()?.includes('avx2');
  if (able) expect(item(report, 'kernels')).toMatchObject({ value: 'in use', state: 'good' });
  const python = execFileSync(
    'python3',
    [
      '-c',
      'import os; print(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())',
    ],
    { encoding: 'utf8' },
  );
  expect(item(report, 'cpu').value).toContain(`${python.trim()} threads`);
  expect(item(report, 'sqlite').value).toMatch(/^3\.\d+\.\d+$/);
  expect(item(report, 'node').value).toBe(process.versions.node);
  expect(item(report, 'memory').value).toMatch(/ GB free of /);
  expect(item(report, 'disk').value).toContain(folder);
});

test('a missing library is named with its place and a remedy, and the rest is told all the same', async () => {
  setVariable('PRETEXT_RUNTIME', '/nowhere/runtime');
  const report = await doctor(createNodeHost());
  expect(item(report, 'tensorflow').state).toBe('missing');
  expect(item(report, 'tensorflow').value).toContain('/nowhere/runtime');
  expect(item(report, 'tensorflow').remedy).toMatch(/\w{10,}/);
  expect(item(report, 'sqlite').state).toBe('good');
});

test.runIf(process.platform === 'linux')('names processor features as the system does', () => {
  const flags = execFileSync('grep', ['-m1', '-E', '^(flags|Features)', '/proc/cpuinfo'], {
    encoding: 'utf8',
  });
  for (const feature of cpuFeatures() ?? []) expect(flags).toMatch(new RegExp(`\\b${feature}\\b`));
  expect(cpuFeatures()?.includes('avx2')).toBe(/\bavx2\b/.test(flags));
});

test('says that training takes longer where the own kernels are not in use', async () => {
  setVariable('PRETEXT_KERNELS', 'tensorflow');
  const report = await doctor(createNodeHost());
  expect(item(report, 'kernels')).toMatchObject({ value: 'not in use', state: 'warning' });
  expect(item(report, 'kernels').remedy).toContain('AVX2');
});
