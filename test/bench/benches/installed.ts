/** The installers and the installed program: how large they are, and how soon the window can be used. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright-core';
import { listFiles, weigh } from '../../../build/installers/contents.mjs';
import { PretextError } from '../../../src/contract/errors.ts';
import type { BenchRow } from '../document.ts';
import { compare } from '../statistics.ts';
import type { BenchContext } from './context.ts';

const made = fileURLToPath(new URL('../../../dist', import.meta.url));
const unpacked = join(made, 'linux-unpacked');
/** What issue and documentation promise. */
const GOALS = { downloadMB: 330, installedMB: 1000, firstSeconds: 2.5, secondSeconds: 1.5 };
/** Starts are short: these are enough for a median. */
const MOST_ROUNDS = 7;
const READY_MS = 120_000;

const bench = 'installed' as const;
const peerName = 'goal';

export async function installedBench({ folder, rounds, say }: BenchContext): Promise<BenchRow[]> {
  requireInstaller();
  say('installed: weighing');
  const rows = [...downloadRows(), ...partRows()];
  say('installed: starting it again and again');
  const [first, second]: [number[], number[]] = [[], []];
  for (let round = 0; round < Math.min(rounds, MOST_ROUNDS); round += 1) {
    const home = mkdtempSync(join(folder, 'home-'));
    forgetFiles();
    first.push(await secondsToWindow(home));
    second.push(await secondsToWindow(home));
    rmSync(home, { recursive: true, force: true });
  }
  const row = (name: string, times: number[], goal: number): BenchRow => {
    const goals = times.map(() => goal);
    return { bench, case: name, unit: 's', peerName, ...compare(times, goals, 'smaller') };
  };
  return [
    ...rows,
    row('first start, files not in memory', first, GOALS.firstSeconds),
    row('second start', second, GOALS.secondSeconds),
  ];
}

function requireInstaller(): void {
  if (process.platform === 'linux' && existsSync(unpacked) && process.env['DISPLAY']) return;
  throw new PretextError({
    code: 'bench.installed',
    message: 'There is no installed program for Linux to measure, or no display to show it on.',
    place: unpacked,
    remedy: 'Run: npm run dist && xvfb-run -a npm run bench -- installed',
  });
}

function sizeRow(name: string, bytes: number, goal: number | null): BenchRow {
  const row = { bench, case: name, unit: 'MB', ours: bytes / 1e6, spread: null } as const;
  if (goal === null) return { ...row, peer: null, peerName: null, ratio: null };
  return { ...row, peer: goal, peerName, ratio: (goal * 1e6) / bytes };
}

const downloadRows = () =>
  readdirSync(made)
    .filter((name) => /\.(AppImage|deb)$/.test(name))
    .map((name) =>
      sizeRow(`download, ${name.split('.').at(-1)}`, statSync(join(made, name)).size, GOALS.downloadMB),
    );

function partRows(): BenchRow[] {
  const parts = weigh(unpacked);
  const all = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    sizeRow('installed', all, GOALS.installedMB),
    ...parts.map(({ title, bytes }) => sizeRow(`installed, ${title}`, bytes, null)),
  ];
}

/** The system reads them from the disk again, as after a start of the machine. */
function forgetFiles(): void {
  for (const path of listFiles(unpacked))
    if (!path.startsWith('resources/samples/'))
      execFileSync('dd', [`if=${join(unpacked, path)}`, 'iflag=nocache', 'count=0', 'status=none']);
}

/** From the start to a window whose first button can be pressed. */
async function secondsToWindow(home: string): Promise<number> {
  // What belongs to this checkout is not the installed program's.
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('PRETEXT_'));
  const environment = { ...Object.fromEntries(others), HOME: home, XDG_CONFIG_HOME: join(home, '.config') };
  const start = performance.now();
  const application = await _electron.launch({
    executablePath: join(unpacked, 'pretext-studio'),
    env: environment as Record<string, string>,
    timeout: READY_MS,
  });
  try {
    const page = await application.firstWindow();
    await page.getByRole('button', { name: 'Open project…' }).click({ trial: true, timeout: READY_MS });
    return (performance.now() - start) / 1000;
  } finally {
    await application.close();
  }
}
