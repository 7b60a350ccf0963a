import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The rule, who imports, and what is imported; each line is wrong in its own way. */
const WRONG = [
  ['src-contract-imports', 'src/contract/wrong.ts', 'src/service/runs/any.ts'],
  ['src-tensor-imports', 'src/tensor/wrong.ts', 'src/learning/views/any.ts'],
  ['src-data-imports', 'src/data/readers/wrong.ts', 'src/project/any.ts'],
  ['src-project-imports', 'src/project/wrong.ts', 'src/data/reading/any.ts'],
  ['src-learning-imports', 'src/learning/views/wrong.ts', 'src/data/reading/any.ts'],
  ['src-training-imports', 'src/training/step/wrong.ts', 'src/project/any.ts'],
  ['src-service-imports', 'src/service/runs/wrong.ts', 'src/tensor/any.ts'],
  ['src-service-imports', 'src/service/runs/also-wrong.ts', 'src/learning/encoders/any.ts'],
  ['src-trainer-imports', 'src/trainer/wrong.ts', 'src/service/runs/any.ts'],
  ['src-cli-imports', 'src/cli/words/wrong.ts', 'src/project/any.ts'],
  ['src-cli-imports', 'src/cli/words/also-wrong.ts', 'src/service/runs/queue.ts'],
  ['electron-imports', 'electron/wrong.ts', 'src/project/any.ts'],
  ['renderer-imports', 'renderer/wrong.ts', 'src/service/runs/any.ts'],
  ['electron-stays-above', 'src/data/readers/electron.ts', 'electron'],
  ['window-without-node', 'renderer/node.ts', 'node:fs'],
  ['rpc-in-one-place', 'renderer/state/rpc.ts', '@orpc/client'],
  ['src-service-floors', 'src/service/recipes/upward.ts', 'src/service/runs/queue.ts'],
  ['src-service-floors', 'src/service/datasets/upward.ts', 'src/service/requests.ts'],
  ['src-training-floors', 'src/training/step/upward.ts', 'src/training/pretext/run.ts'],
  ['src-training-floors', 'src/training/finetune/beside.ts', 'src/training/pretext/run.ts'],
  ['src-training-floors', 'src/training/pretext/health/upward.ts', 'src/training/pretext/run.ts'],
  ['src-learning-floors', 'src/learning/pretext/parts/upward.ts', 'src/learning/pretext/tasks/any.ts'],
  ['src-data-floors', 'src/data/reading/upward.ts', 'src/data/readers/any.ts'],
  ['src-data-no-floor', 'src/data/unplaced/wrong.ts', 'src/data/shards/any.ts'],
  ['no-unresolvable', 'src/data/readers/broken.ts', './nowhere.ts'],
] as const;

const RIGHT = [
  ['src/learning/views/right.ts', 'src/tensor/any.ts'],
  ['src/service/runs/right.ts', 'src/learning/catalogue.ts'],
  ['src/cli/words/right.ts', 'src/host/choose.ts'],
  ['src/training/step/right.ts', 'src/learning/views/any.ts'],
  ['src/training/pretext/right.ts', 'src/training/pretext/health/any.ts'],
  ['src/service/handlers/right.ts', 'src/service/requests.ts'],
  ['src/data/readers/right.ts', 'src/data/reading/any.ts'],
  ['renderer/right.ts', 'src/contract/any.ts'],
  ['renderer/api/rpc.ts', '@orpc/client'],
] as const;

let found: string[] = [];
let statusOfCheck: number | null = null;

function write(folder: string, name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

function writeImport(folder: string, from: string, to: string): void {
  if (!/^(src|electron|renderer)\//.test(to)) return write(folder, from, `import '${to}';\n`);
  write(folder, to, 'export const thing = 1;\n');
  const specifier = relative(dirname(from), to);
  write(folder, from, `import '${specifier.startsWith('.') ? specifier : `./${specifier}`}';\n`);
}

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'pretext-rules-'));
  for (const [, from, to] of WRONG) writeImport(folder, from, to);
  for (const [from, to] of RIGHT) writeImport(folder, from, to);
  write(
    folder,
    'src/data/readers/one.ts',
    "import { two } from './two.ts';\nexport const one = () => two;\n",
  );
  write(
    folder,
    'src/data/readers/two.ts',
    "import { one } from './one.ts';\nexport const two = () => one;\n",
  );
  write(
    folder,
    'src/data/signals/one.ts',
    "import type { Two } from './two.ts';\nexport interface One { two: Two }\n",
  );
  write(
    folder,
    'src/data/signals/two.ts',
    "import type { One } from './one.ts';\nexport interface Two { one: One | null }\n",
  );
  for (const name of ['node_modules', 'tsconfig.json']) symlinkSync(join(root, name), join(folder, name));

  const tool = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const cruise = (...output: string[]) => {
    const args = [
      '--config',
      join(root, '.dependency-cruiser.cjs'),
      ...output,
      'src',
      'electron',
      'renderer',
    ];
    return spawnSync(process.execPath, [tool, ...args], { cwd: folder }).status;
  };
  cruise('--output-type', 'json', '--output-to', 'told.json');
  const report = JSON.parse(readFileSync(join(folder, 'told.json'), 'utf8')) as {
    summary: { violations: { from: string; rule: { name: string } }[] };
  };
  found = report.summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
  statusOfCheck = cruise('--output-type', 'err');
  rmSync(folder, { recursive: true, force: true });
});

test.each(WRONG)('%s: %s may not import %s', (rule, from) => {
  expect(found).toContain(`${rule}: ${from}`);
});

test('the check that the test run makes fails', () => {
  expect(statusOfCheck).toBeGreaterThan(0);
});

test('modules that need each other are found', () => {
  expect(found.some((line) => line.startsWith('no-circle: src/data/readers/'))).toBe(true);
});

test('modules that need each other only for their types are found too', () => {
  expect(found.some((line) => line.startsWith('no-circle: src/data/signals/'))).toBe(true);
});

test('nothing else is complained about: what the rules allow passes', () => {
  const expected = new Set<string>(WRONG.map(([rule, from]) => `${rule}: ${from}`));
  expect(found.filter((line) => !expected.has(line) && !line.startsWith('no-circle: src/data/'))).toEqual([]);
});
