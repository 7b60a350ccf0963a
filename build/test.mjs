// `npm test`: sets up what is missing, then runs every check and every test, and ends with one line of counts.
// `npm test -- unit e2e` runs only the stages named.
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from './setup/paths.mjs';
import { canRun } from './setup/run.mjs';
import { handOver } from './setup/child.mjs';
import { runMain, SetupError } from './setup/say.mjs';
import { ensureBundles, environmentOf, hasDisplay, prepare } from './setup/setup.mjs';

const RESULTS = join(root, 'test-results');
const tool = (name, file) => join(root, 'node_modules', name, file);

/** Each is one program that says by its status whether all is well. */
const CHECKS = {
  format: [tool('prettier', 'bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  lint: [tool('oxlint', 'bin/oxlint'), '--quiet'],
  types: [tool('typescript', 'bin/tsc'), '--noEmit', '-p', 'tsconfig.json'],
  svelte: [
    tool('svelte-check', 'bin/svelte-check'),
    '--tsconfig',
    'renderer/tsconfig.json',
    '--output',
    'human',
    '--fail-on-warnings',
  ],
  imports: [
    tool('dependency-cruiser', 'bin/dependency-cruiser.mjs'),
    '--config',
    '.dependency-cruiser.cjs',
    'src',
    'electron',
    'renderer',
  ],
  notices: [join(root, 'build', 'notices.mjs'), '--check'],
};
const SUITES = ['unit', 'integration', 'e2e'];
/** Of the message of a failed test: what was expected, what came, and where. */
const SHOWN_LINES = 20;

await runMain(async () => {
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !(name in CHECKS) && !SUITES.includes(name));
  if (unknown.length > 0) {
    const all = [...Object.keys(CHECKS), ...SUITES].join(', ');
    throw new SetupError(`There is no stage named ${unknown.join(', ')}.`, `The stages are: ${all}.`);
  }
  const wanted = (name) => named.length === 0 || named.includes(name);
  const windows = wanted('integration') || wanted('e2e');
  const prepared = await prepare({ electron: windows, bundles: false });
  const context = { node: prepared.node, environment: environmentOf(prepared) };
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });

  const counts = [];
  for (const [name, args] of Object.entries(CHECKS)) {
    if (wanted(name)) counts.push(await runCheck(name, args, context));
  }
  if (wanted('unit')) counts.push(await runSuite('unit', context));
  const others = SUITES.filter((name) => name !== 'unit' && wanted(name));
  counts.push(...(others.length < 2 ? await runEach(others, context) : await runTogether(others, context)));
  return summarise(counts);
});

async function runCheck(name, args, { node, environment }) {
  heading(name);
  const status = await handOver(node, args, environment, { cwd: root });
  return { name, passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 };
}

async function runEach(names, context) {
  const counts = [];
  for (const name of names) counts.push(await runSuite(name, context));
  return counts;
}

/**
 * Both wait for processes most of the time, and one has half of a machine of two cores to itself: they run beside each
 * other, on a display each. The last one is seen as it goes on; what the other has said is shown when both are done.
 */
async function runTogether(names, context) {
  if (names.includes('e2e') && !(await bundlesFor(context.node))) return runEach(names, context);
  const shown = names.at(-1);
  const counts = await Promise.all(
    names.map((name) => runSuite(name, context, name === shown ? {} : { log: join(RESULTS, `${name}.log`) })),
  );
  for (const name of names.filter((one) => one !== shown)) {
    heading(`${name} tests`);
    process.stdout.write(readFileSync(join(RESULTS, `${name}.log`)));
  }
  return counts;
}

/** Windows need a display: Xvfb's where the machine has none. With a log, what it says goes there. */
async function runSuite(name, { node, environment }, { log = null } = {}) {
  if (log === null) heading(`${name} tests`);
  if (name === 'e2e') {
    const bundled = await bundlesFor(node);
    if (!bundled) return { name, passed: 0, failed: 1 };
  }
  const report = join(RESULTS, `${name}.json`);
  const args = [
    tool('vitest', 'vitest.mjs'),
    'run',
    '--project',
    name,
    '--reporter=default',
    '--reporter=json',
  ];
  args.push(`--outputFile.json=${report}`);
  const [program, all] = onDisplay(name, node, args);
  const output = log === null ? null : openSync(log, 'w');
  const status = await handOver(
    program,
    all,
    { ...environment, ...testEnvironment(name) },
    { cwd: root, ...(output !== null && { stdio: ['ignore', output, output] }) },
  );
  if (output !== null) closeSync(output);
  return countReport(name, report, status);
}

/** Tests of the command line start hundreds of processes from the same sources: they are read and compiled once. */
function testEnvironment(name) {
  const compiled = name === 'e2e' ? {} : { NODE_COMPILE_CACHE: join(RESULTS, 'compiled') };
  return { NODE_ENV: 'test', ...compiled };
}

async function bundlesFor(node) {
  try {
    await ensureBundles(node);
    return true;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return false;
  }
}

function onDisplay(name, node, args) {
  if (name === 'unit' || hasDisplay()) return [node, args];
  if (canRun('xvfb-run', ['--help'])) {
    // Two that look for a free number at the same moment would find the same one.
    const first = name === 'e2e' ? 99 : 199;
    const screen = '--server-args=-screen 0 1600x1200x24';
    return ['xvfb-run', ['-a', `--server-num=${first}`, screen, node, ...args]];
  }
  throw new SetupError(
    'There is no display for the tests of the window, and no xvfb-run to make one.',
    'Debian and Ubuntu: sudo apt install xvfb xauth. Fedora: sudo dnf install xorg-x11-server-Xvfb. Or set DISPLAY.',
  );
}

/** A suite that failed without a failed test (it did not even start, an error outside of tests) counts one. */
function countReport(name, report, status) {
  const told = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null;
  const passed = told?.numPassedTests ?? 0;
  // A skipped test is no passed test: CI skips none.
  const skipped = process.env.CI ? (told?.numPendingTests ?? 0) + (told?.numTodoTests ?? 0) : 0;
  const failed = (told?.numFailedTests ?? 0) + skipped;
  return {
    name,
    passed,
    failed: failed === 0 && (status !== 0 || passed === 0) ? 1 : failed,
    reasons: told === null ? [] : failuresOf(told),
  };
}

/** Each failed test and file by name, with the first lines of why. */
function failuresOf({ testResults }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const tests = assertionResults.filter((test) => test.status === 'failed');
    if (tests.length === 0) return status === 'failed' ? [{ where: file, why: firstLines(message) }] : [];
    return tests.map(({ fullName, failureMessages }) => ({
      where: `${file} > ${fullName}`,
      why: firstLines(failureMessages.join('\n')),
    }));
  });
}

function firstLines(text) {
  return stripVTControlCharacters(text).split('\n').slice(0, SHOWN_LINES);
}

function heading(text) {
  process.stdout.write(`\n── ${text} ${'─'.repeat(Math.max(0, 90 - text.length))}\n`);
}

function summarise(counts) {
  heading('summary');
  for (const { name, passed, failed } of counts) {
    process.stdout.write(`${failed > 0 ? '✗' : '✓'} ${name}: ${passed} passed, ${failed} failed\n`);
  }
  // Once more at the end: of a long run, often only the end is kept.
  for (const { where, why } of counts.flatMap(({ reasons = [] }) => reasons)) {
    process.stdout.write(`\n✗ ${where}\n${why.map((line) => `    ${line}`).join('\n')}\n`);
  }
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  return failed > 0 || passed === 0 ? 1 : 0;
}
