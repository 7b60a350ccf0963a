import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openRecordingFile } from '../../../../src/data/recordings/formats.ts';
import { FileProblem } from '../../../../src/data/problem.ts';
import { expectedRecordings, recordingFile } from '../../../fixtures/recordings/expected.ts';

/** 300 in every run; more are asked for by hand. */
const COUNT = Number(process.env['PRETEXT_MUTATIONS'] ?? 300);
/** Files that a recording needs beside it are changed as well. */
const BESIDE: Record<string, string[]> = {
  'three.vhdr': ['three.vmrk', 'three.eeg'],
  'f212.hea': ['f212.dat', 'f212.atr'],
  'f16.hea': ['f16.dat'],
  'f24.hea': ['f24.dat'],
  'f32.hea': ['f32.dat'],
  'f80.hea': ['f80.dat'],
};

function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Cut off, bytes changed, a number made very large, or a piece taken out or doubled. */
function mutate(bytes: Buffer, draw: (below: number) => number): Buffer {
  const changed = Buffer.from(bytes);
  // Heads say more than values do.
  const place = () => draw(draw(2) ? changed.length : Math.min(changed.length, 600));
  switch (draw(6)) {
    case 0:
      return changed.subarray(0, draw(changed.length));
    case 1: {
      const at = place();
      changed.fill([0xff, 0x7f, 0, 0x39][draw(4)]!, at, Math.min(changed.length, at + 1 + draw(8)));
      return changed;
    }
    case 2: {
      const at = place();
      return Buffer.concat([changed.subarray(0, at), changed.subarray(at + 1 + draw(40))]);
    }
    case 3: {
      const at = place();
      return Buffer.concat([changed.subarray(0, at + draw(40)), changed.subarray(at)]);
    }
    default:
      for (let count = 1 + draw(8); count > 0; count -= 1) changed[place()]! ^= 1 << draw(8);
      return changed;
  }
}

async function readAll(path: string): Promise<void> {
  const recording = await openRecordingFile(path);
  try {
    for (const track of recording.tracks) await track.read(0, Math.min(track.length, 100_000));
  } finally {
    await recording.close();
  }
}

it('reads or refuses damaged files, each with a reason, and never waits', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pretext-mutations-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const names = Object.keys(expectedRecordings);
  const bad: string[] = [];
  let refused = 0;
  for (let round = 0; round < COUNT; round += 1) {
    const draw = numbersFrom(round + 1);
    draw(1);
    const name = names[round % names.length]!;
    const files = [name, ...(BESIDE[name] ?? [])];
    for (const file of files) cpSync(recordingFile(file), join(folder, file));
    const victim = files[draw(files.length)]!;
    writeFileSync(join(folder, victim), mutate(readFileSync(recordingFile(victim)), draw));
    const started = performance.now();
    try {
      await readAll(join(folder, name));
    } catch (error) {
      refused += 1;
      if (!(error instanceof FileProblem) || error.message.length < 10)
        bad.push(`${round} ${victim}: ${(error as Error).stack?.slice(0, 400)}`);
    }
    if (performance.now() - started > 5000) bad.push(`${round} ${victim}: took too long`);
  }
  expect(bad.join('\n')).toBe('');
  expect(refused).toBeGreaterThan(COUNT / 10);
});
