import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { ensureBase, whyNoCleanRoot } from '../../build/installers/clean-root.mjs';
import { root, startProgram, temporaryFolder } from './program.ts';

const unpacked = join(root, 'dist', 'linux-unpacked');
const executable = join(unpacked, 'pretext-studio');
const commandLine = join(unpacked, 'resources', 'bin', 'pretext');

/** Nothing of the checkout or of the cache is given to it: the program has all it needs. */
const alone = { PRETEXT_RUNTIME: '', PRETEXT_NODE: '', PRETEXT_CACHE: '/nowhere' };

const dist = (...options: string[]) =>
  spawnSync(process.execPath, [join(root, 'build', 'dist.mjs'), ...options], { encoding: 'utf8' });

/** Makes a Debian without compilers, Node and Python, which takes root and minutes: what CI has. */
const walks = process.env['CI'] !== undefined && whyNoCleanRoot() === null;

describe.runIf(process.platform === 'linux')('the packaged program', () => {
  beforeAll(() => {
    const made = dist(...(walks ? ['--deb', '--quick'] : ['--dir']));
    expect(made.status, made.stderr).toBe(0);
  }, 400_000);

  test('holds its runtime, samples, notices and command line, and no source maps', () => {
    const resources = readdirSync(join(unpacked, 'resources'));
    const expected = ['app.asar', 'bin', 'runtime', 'samples', 'LICENSE', 'THIRD-PARTY-NOTICES.md'];
    expect(resources).toEqual(expect.arrayContaining(expected));
    expect(resources).not.toContain('default_app.asar');
    const files = readdirSync(unpacked, { recursive: true }).map(String);
    expect(files.filter((name) => name.endsWith('.map'))).toEqual([]);
    expect(files.filter((name) => name.endsWith('0001-begin.sql'))).toHaveLength(1);
    // Where the GPU pack comes from is known, and names that nobody asks for are gone from TensorFlow.
    expect(files).toContain(join('resources', 'runtime', 'package-index.txt'));
    const [shipped, own] = [join(unpacked, 'resources', 'runtime'), process.env['PRETEXT_RUNTIME']!].map(
      (folder) => statSync(join(folder, 'libtensorflow_cc.so.2')).size,
    );
    expect(shipped).toBeLessThan(own! - 50e6);
  });

  test('has its switches set: Electron does not run as Node, and takes nothing but its own archive', async () => {
    const { getCurrentFuseWire, FuseV1Options } = await import('@electron/fuses');
    const wire = await getCurrentFuseWire(executable);
    const [off, on] = [48, 49];
    expect(wire[FuseV1Options.RunAsNode]).toBe(off);
    expect(wire[FuseV1Options.EnableNodeOptionsEnvironmentVariable]).toBe(off);
    expect(wire[FuseV1Options.OnlyLoadAppFromAsar]).toBe(on);
  });

  test('starts, opens a project and trains', async () => {
    const home = temporaryFolder();
    const { page, errors, screenshot, application } = await startProgram({
      executable,
      environment: { ...alone, HOME: home, XDG_CONFIG_HOME: join(home, '.config') },
    });
    expect(await page.title()).toBe('Pretext Studio');
    await page.getByRole('button', { name: /chest X.rays/ }).click();
    // The run dock names the loss once a trainer has made its first steps.
    await page
      .getByText(/^loss \d/)
      .first()
      .waitFor({ timeout: 180_000 });
    await screenshot('packaged-training');
    expect(errors).toEqual([]);
    await application.close();
    const projects = readdirSync(home, { recursive: true }).map(String);
    expect(projects.some((name) => name.endsWith('project.db'))).toBe(true);
  });

  test('the command line works without a display and finds its TensorFlow', async () => {
    const project = join(temporaryFolder(), 'study.pretext');
    const environment = { PATH: process.env['PATH'], HOME: temporaryFolder() };
    const run = promisify(execFile);
    await run(commandLine, ['project', 'create', project], { env: environment });
    expect(existsSync(join(project, 'project.db'))).toBe(true);
    const { stdout } = await run(commandLine, ['doctor', '--json'], { env: environment });
    const report = JSON.parse(stdout) as { items: { id: string; state: string }[] };
    const state = (id: string) => report.items.find((item) => item.id === id)?.state;
    expect([state('tensorflow'), state('sqlite')]).toEqual(['good', 'good']);
  });

  test.runIf(walks)(
    'as a deb it is installed on a clean machine, started, upgraded while it trains, and removed without a trace',
    async (context) => {
      await ensureBase().catch((error: Error) => context.skip(`no clean Debian here: ${error.message}`));
      const { status, stdout, stderr } = dist('--test', '--made', '--only=deb');
      expect(status, stderr).toBe(0);
      expect(stdout.match(/ passed /g)).toHaveLength(11);
    },
    900_000,
  );
});
