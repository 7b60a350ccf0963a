/** From a study to answers on new data, by the command line: pictures and recordings. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeptModel } from '../../src/contract/model/model.ts';
import { quickRecipe, writeSides } from '../fixtures/sides.ts';
import { until } from '../fixtures/studies.ts';
import { beginPretext } from '../fixtures/survival.ts';

const folder = mkdtempSync(join(tmpdir(), 'pretext-predictions-'));
const disk = join(folder, 'disk');
const mounted = process.platform === 'linux' && mountSmallDisk();

afterAll(() => {
  if (mounted) execFileSync('umount', [disk]);
  rmSync(folder, { recursive: true });
});

/** Needs the right to mount: a container's root has it, few others do. */
function mountSmallDisk(): boolean {
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function run(...argv: string[]) {
  const ended = await beginPretext(folder, argv).ended;
  return { ...ended, table: () => readTable(argv[argv.indexOf('--output') + 1]!) };
}

function readTable(name: string): Record<string, string>[] {
  const [head, ...rows] = readFileSync(join(folder, name), 'utf8').trimEnd().split('\r\n');
  const names = head!.split(',');
  return rows.map((row) => {
    const cells = row.split(',');
    return Object.fromEntries(names.map((column, at) => [column, cells[at]!]));
  });
}

/** Slow or fast waves in two channels, at 50 samples a second. */
function writeWaves(into: string, count: number, seconds: number): void {
  for (const [name, hertz] of [
    ['slow', 1],
    ['fast', 6],
  ] as const)
    for (let index = 0; index < count; index++) {
      mkdirSync(join(into, name), { recursive: true });
      const rows = Array.from({ length: seconds * 50 }, (_, at) => {
        const turn = 2 * Math.PI * hertz * (at / 50) + index;
        return `${(at / 50).toFixed(3)},${Math.sin(turn).toFixed(4)},${Math.cos(turn).toFixed(4)}`;
      });
      writeFileSync(join(into, name, `${index}.csv`), `time_s,ax,ay\n${rows.join('\n')}\n`);
    }
}

let models: KeptModel[];
beforeAll(async () => {
  await writeSides(join(folder, 'sides'), 40, 1);
  await writeSides(join(folder, 'new'), 10, 2);
  writeFileSync(join(folder, 'sides.yaml'), quickRecipe('sides', 'sides'));
  const study = await run('study', 'run', 'sides.yaml', '--project', 'p', '--json');
  expect(study.stderr).not.toMatch(/error/);
  expect(study.status).toBe(0);
  const listed = await run('models', '--project', 'p', '--json');
  ({ models } = JSON.parse(listed.stdout) as { models: KeptModel[] });
}, 180_000);

describe('a study of pictures', () => {
  it('keeps a model that is listed with what it answers and how well', async () => {
    expect(models).toHaveLength(1);
    const [{ model, folder: where }] = models as [KeptModel];
    expect(model.head).toEqual({ kind: 'classes', classNames: ['bottom', 'top'] });
    expect(model.scores.test!.score).toBeGreaterThan(0.9);
    expect(readdirSync(where).toSorted()).toEqual([
      'model.json',
      'reference.safetensors',
      'weights.safetensors',
    ]);
    const { stdout } = await run('models', '--project', 'p');
    expect(stdout).toMatch(/baseline-1\s+2 classes\s+20 labels of sides\s+balanced accuracy/);
  });

  it('whose model answers new pictures, from a copy of its folder alone', async () => {
    cpSync(models[0]!.folder, join(folder, 'taken'), { recursive: true });
    const done = await run('predict', 'taken', 'new', '--output', 'answers.csv');
    expect(done.stderr).not.toMatch(/error/);
    expect(done.status).toBe(0);
    const rows = done.table();
    expect(rows).toHaveLength(20);
    const right = rows.filter(({ source, label }) => source!.includes(`/${label}/`));
    expect(right.length).toBeGreaterThanOrEqual(19);
    for (const row of rows) {
      const [left, other] = [Number(row['probability: bottom']), Number(row['probability: top'])];
      expect(left + other).toBeCloseTo(1, 9);
      expect(Number(row['probability'])).toBe(Math.max(left, other));
    }
    const again = await run('predict', 'taken', 'new', '--output', 'answers.csv');
    expect(again.status).toBe(1);
    expect(again.stderr).toMatch(/There is a file of this name already.*--overwrite/s);
  });

  it('whose model answers a dataset of the project by name, as it answers the files', async () => {
    const imported = await run('data', 'import', 'new', '--name', 'fresh', '--project', 'p');
    expect(imported.stderr).not.toMatch(/error/);
    const byName = await run(
      'predict',
      'baseline-1',
      '--dataset',
      'fresh',
      '--project',
      'p',
      '--output',
      'set.csv',
    );
    expect(byName.stderr).not.toMatch(/error/);
    const ofFiles = readTable('answers.csv');
    for (const row of byName.table()) {
      const file = ofFiles.find(({ source }) => source!.endsWith(row['source']!))!;
      expect(Number(row['probability'])).toBeCloseTo(Number(file['probability']), 4);
      expect(row['label']).toBe(file['label']);
    }
    expect(byName.table()).toHaveLength(20);
  });

  it('follows a folder: what comes is answered, each once, until Ctrl-C', async () => {
    const watched = join(folder, 'watched');
    mkdirSync(watched);
    // In the folder that is followed: it is no sample of itself.
    const out = join('watched', 'w.csv');
    cpSync(join(folder, 'new', 'top', '0.png'), join(watched, 'first.png'));
    const running = beginPretext(folder, ['predict', 'taken', 'watched', '--output', out, '--watch']);
    const sources = () => (existsSync(join(folder, out)) ? readTable(out).map(({ source }) => source) : []);
    await until('the first is answered', () => sources().length === 1);
    writeFileSync(join(watched, 'broken.png'), 'no picture');
    cpSync(join(folder, 'new', 'bottom', '0.png'), join(watched, 'second.png'));
    await until('the second is answered', () => sources().length === 2);
    await until(
      'the broken one is told',
      () =>
        existsSync(join(folder, `${out}.left-out.csv`)) &&
        readFileSync(join(folder, `${out}.left-out.csv`), 'utf8').includes(join(watched, 'broken.png')),
    );
    running.child.kill('SIGINT');
    expect((await running.ended).status).toBe(0);
    expect(sources()).toEqual([join(watched, 'first.png'), join(watched, 'second.png')]);
    const list = join(folder, `${out}.left-out.csv`);
    expect(readFileSync(list, 'utf8')).toMatch(/^file,row,reason,message\r?\n/);
    expect(readFileSync(list, 'utf8')).not.toContain('w.csv,');
    expect(running.said()).not.toContain('CSV files');
    expect(readdirSync(watched).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('says what was done to pictures of another size, and which of two files was left out', async () => {
    for (const name of ['one', 'two']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'broken.png'), 'no picture');
    }
    await sharp(join(folder, 'new', 'top', '0.png'))
      .resize(48, 24)
      .toFile(join(folder, 'one', 'wide.png'));
    cpSync(join(folder, 'new', 'top', '0.png'), join(folder, 'two', '0.png'));
    const { stdout } = await run('predict', 'taken', 'one', 'two', '--output', 'both.csv');
    expect(stdout).toMatch(/Noted:\n.*1 of 1 images are resized to 16 × 16 pixels/);
    const list = readFileSync(join(folder, 'both.csv.left-out.csv'), 'utf8');
    for (const name of ['one', 'two']) expect(list).toContain(`\n${join(folder, name, 'broken.png')},`);
  });

  it('is made into one final model and an ensemble, which say what they are', async () => {
    const final = await run('model', 'final', 'sides', '--include', 'validation,test', '--project', 'p');
    expect(final.status).toBe(0);
    expect(final.stdout).toMatch(/on all 80 training, validation and test labels.*no test score of its own/s);
    const ensemble = await run('model', 'ensemble', 'baseline-1', '--project', 'p', '--json');
    const { model, folder: where } = JSON.parse(ensemble.stdout) as KeptModel;
    expect(model.members).toHaveLength(2);
    expect(model.scores.test!.score).toBeGreaterThan(0.9);
    const { stdout } = await run('models', '--project', 'p');
    expect(stdout).toMatch(/ensemble-1 .*\n.*final-1 .*none \(followed: .*\n.*baseline-1/);
    expect((await run('study', 'list', '--project', 'p')).stdout).toMatch(/sides\s+done/);
    const told = await run('predict', 'final-1', 'new', '--project', 'p', '--output', 'final.csv');
    expect(told.stderr).toMatch(/no test score of its own/);
    const answered = await run('predict', where, 'new', '--output', 'ensemble.csv');
    const right = answered.table().filter(({ source, label }) => source!.includes(`/${label}/`));
    expect(right.length).toBeGreaterThanOrEqual(19);
    const explained = await run('explain', where, 'new/top/3.png', '--json');
    expect(explained.stderr).not.toMatch(/error/);
  });

  it('says where in a picture its answer comes from', async () => {
    const done = await run('explain', 'taken', 'new/top/3.png', '--class', 'top', '--json');
    expect(done.stderr).not.toMatch(/error/);
    const { target, maps } = JSON.parse(done.stdout) as {
      target: number;
      maps: { method: string; grid: number[] }[];
    };
    expect(target).toBe(1);
    expect(maps.map(({ method }) => method)).toEqual(['grad-cam', 'occlusion']);
    expect(maps[1]!.grid).toEqual([12, 12]);
    expect((await run('explain', 'taken', 'new')).stderr).toContain('This is a folder');
    const unknown = await run('explain', 'taken', 'new/top/3.png', '--class', 'sideways');
    expect(unknown.stderr).toMatch(/no class “sideways”. It answers: bottom, top/);
  });

  it('is taken elsewhere, and its study written down with figures', async () => {
    const exported = await run('export', 'taken', '--format', 'onnx', '--to', 'onnx');
    expect([exported.status, exported.stderr.match(/error:.*/g)]).toEqual([0, null]);
    expect(readdirSync(join(folder, 'onnx')).toSorted()).toEqual([
      'README.md',
      'description.json',
      'model.onnx',
    ]);
    const words = ['report', 'sides', '--project', 'p', '--to', 'report.html', '--figures', 'figures'];
    const told = await run(...words);
    expect([told.status, told.stderr.match(/error:.*/g)]).toEqual([0, null]);
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('How it was measured');
    expect(readdirSync(join(folder, 'figures')).toSorted()).toEqual(
      ['confusion-baseline-20', 'scores'].flatMap((name) => [`${name}.png`, `${name}.svg`]),
    );
    const again = await run(...words);
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('--overwrite')]);
  });

  it('whose changed weights, unknown names and missing words are refused', async () => {
    cpSync(models[0]!.folder, join(folder, 'changed'), { recursive: true });
    const weights = join(folder, 'changed', 'weights.safetensors');
    const bytes = readFileSync(weights);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(weights, bytes);
    const changed = await run('predict', 'changed', 'new', '--output', 'x.csv');
    expect(changed.status).toBe(1);
    expect(changed.stderr).toMatch(/weights\.safetensors is not the file that was written/);
    expect(existsSync(join(folder, 'x.csv'))).toBe(false);
    const unknown = await run('predict', 'nobody', 'new', '--output', 'x.csv', '--project', 'p');
    expect(unknown.stderr).toMatch(/There is no model “nobody”.*baseline-1/s);
    const noFormat = await run('predict', 'taken', 'new', '--output', 'x.txt');
    expect(noFormat.status).toBe(2);
  });

  it.skipIf(!mounted)(
    'writes nothing half where the disk is full, and goes on once there is room',
    async () => {
      const many = join(folder, 'many');
      for (let copy = 0; copy < 60; copy++)
        cpSync(join(folder, 'new'), join(many, String(copy)), { recursive: true });
      const full = await run('predict', 'taken', 'many', '--output', 'disk/many.csv');
      expect(full.status).toBe(1);
      expect(full.stderr).toMatch(/The disk is full.*Then do the same again/s);
      expect(readdirSync(disk).filter((name) => !name.startsWith('.'))).toEqual([]);
      execFileSync('mount', ['-o', 'remount,size=8m', disk]);
      const done = await run('predict', 'taken', 'many', '--output', 'disk/many.csv');
      expect(done.status).toBe(0);
      expect(done.table()).toHaveLength(1200);
      expect(readdirSync(disk)).toEqual(['many.csv']);
    },
  );
});

describe('a study of recordings', () => {
  beforeAll(async () => {
    writeWaves(join(folder, 'waves'), 8, 12);
    writeWaves(join(folder, 'later'), 1, 20);
    const signals = ', signals: { windowLength: 100 }';
    writeFileSync(join(folder, 'waves.yaml'), quickRecipe('waves', 'waves', signals));
    const study = await run('study', 'run', 'waves.yaml', '--project', 'w', '--json');
    expect(study.stderr).not.toMatch(/error/);
    expect(study.status).toBe(0);
  }, 180_000);

  it('has a model that answers every window of a new recording, with its time', async () => {
    const done = await run('predict', 'baseline-1', 'later', '--project', 'w', '--output', 'later.csv');
    expect(done.stderr).not.toMatch(/error/);
    const rows = done.table();
    expect(rows).toHaveLength(20);
    expect(rows.filter(({ source, label }) => source!.includes(`/${label}/`))).toHaveLength(20);
    expect(rows.slice(0, 3).map((row) => Number(row['start_seconds']))).toEqual([0, 2, 4]);
  });

  it('whose model parts a recording into stretches, in a table and as annotations', async () => {
    // Ten seconds slow, ten seconds fast.
    const rows = Array.from({ length: 1000 }, (_, at) => {
      const turn = 2 * Math.PI * (at < 500 ? 1 : 6) * (at / 50);
      return `${(at / 50).toFixed(3)},${Math.sin(turn).toFixed(4)},${Math.cos(turn).toFixed(4)}`;
    });
    mkdirSync(join(folder, 'turns'));
    writeFileSync(join(folder, 'turns', 'turns.csv'), `time_s,ax,ay\n${rows.join('\n')}\n`);
    const ask = (to: string, ...more: string[]) =>
      run('predict', 'baseline-1', 'turns', '--project', 'w', '--stretches', to, ...more);
    const done = await ask('turns.csv', '--every-seconds', '0.5');
    expect(done.stderr).not.toMatch(/error/);
    expect(done.stdout).toMatch(/2 stretches of 1 recording/);
    const [slow, fast] = readTable('turns.csv');
    expect([slow!['label'], fast!['label']]).toEqual(['slow', 'fast']);
    expect(slow!['start_seconds']).toBe('0');
    expect(Math.abs(Number(slow!['end_seconds']) - 10)).toBeLessThanOrEqual(1);
    expect(fast!['start_seconds']).toBe(slow!['end_seconds']);
    expect(fast!['end_seconds']).toBe('20');
    expect((await ask('turns.edf')).status).toBe(0);
    const annotations = readFileSync(join(folder, 'turns.edf'), 'latin1');
    // Seconds and texts stand between signs that nobody sees.
    expect(annotations.slice(512).split(/[^ -~]+/)).toEqual(expect.arrayContaining(['slow', 'fast', '+10']));
    expect((await ask('no.csv', '--margin', '2')).stderr).toMatch(/--margin must be a number from 0 to 1/);
  });

  it('whose model refuses other channels and another rate in words', async () => {
    mkdirSync(join(folder, 'other'));
    const write = (name: string, head: string, rate: number, columns: number) =>
      writeFileSync(
        join(folder, 'other', name),
        `${head}\n${Array.from({ length: 400 }, (_, at) => [(at / rate).toFixed(4), ...Array.from({ length: columns }, (_, c) => Math.sin(at / 5 + c).toFixed(4))].join(',')).join('\n')}\n`,
      );
    write('three.csv', 'time_s,ax,ay,az', 50, 3);
    write('names.csv', 'time_s,ay,ax', 50, 2);
    write('rate.csv', 'time_s,ax,ay', 200, 2);
    const refused = async (name: string) =>
      (await run('predict', 'baseline-1', `other/${name}`, '--project', 'w', '--output', 'no.csv')).stderr;
    expect(await refused('three.csv')).toMatch(
      /The data have 3 channels \(ax, ay, az\); the model was trained on 2/,
    );
    expect(await refused('names.csv')).toMatch(/Channel 1 is “ay”; the model was trained with “ax” there/);
    expect(await refused('rate.csv')).toMatch(
      /The data hold 200 samples a second; the model was trained at 50/,
    );
    expect(existsSync(join(folder, 'no.csv'))).toBe(false);
  });
});
