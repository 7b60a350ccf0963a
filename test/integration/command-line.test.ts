import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { studyResultSchema } from '../../src/contract/results/result.ts';
import type { Behaviour } from '../fixtures/fake-trainer.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { until } from '../fixtures/studies.ts';

const entry = fileURLToPath(new URL('../fixtures/fake-cli.ts', import.meta.url));
const RECIPE = `name: Small
data:
  import: { small: { path: images, format: image-folder } }
  pretrain: [small]
pretext: { task: simclr, batchSize: 8 }
finetune: { budgets: [{ perClass: 5 }], arms: [pretrained, baseline], seeds: 3 }
`;

let folder: string;
const inFolder = (name: string) => join(folder, name);

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

interface Running {
  child: ChildProcess;
  stderr(): string;
  ended: Promise<Ended>;
}

function begin(argv: string[], behaviour: Partial<Behaviour> = {}): Running {
  const environment = {
    ...process.env,
    PRETEXT_CONFIG: inFolder('config'),
    PRETEXT_FAKE_TRAINER: JSON.stringify(behaviour),
  };
  const child = spawn(process.execPath, [entry, ...argv], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (status) => resolve({ status, stdout, stderr })),
  );
  return { child, stderr: () => stderr, ended };
}

const pretext = (argv: string[], behaviour?: Partial<Behaviour>) => begin(argv, behaviour).ended;
const studyRun = (project: string) => ['study', 'run', 'small.yaml', '--project', project, '--json'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-cli-'));
  await writeSmallImages(inFolder('images'));
  await writeFile(inFolder('small.yaml'), RECIPE);
});
afterAll(() => rm(folder, { recursive: true }));

describe('pretext', () => {
  it.each([
    [[]],
    [['nonsense']],
    [['data', 'import', 'images']],
    [['runs']],
    [['data', 'import', 'images', '--name', 'x', '--window-length', 'long']],
  ])('called wrongly (%j) says how and ends with 2', async (argv) => {
    const { status, stdout, stderr } = await pretext(argv);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/--|Usage/);
  });

  it('refuses a project where there is one, with a reason and no stack, and ends with 1', async () => {
    expect((await pretext(['project', 'create', 'twice'])).status).toBe(0);
    const { status, stderr } = await pretext(['project', 'create', 'twice']);
    expect(status).toBe(1);
    expect(stderr).toContain('There is a project in this folder already.');
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('imports with the flags of the schema and lists what it imported', async () => {
    await pretext(['project', 'create', 'data']);
    const flags = [
      '--name',
      'small',
      '--split',
      'random:test=0.25;validation=0.1;seed=3',
      '--color',
      'grey',
      '--size',
      '8',
    ];
    const imported = await pretext(['data', 'import', 'images', '--project', 'data', '--json', ...flags]);
    expect(imported.stderr).toContain('small: 60 samples');
    const dataset = JSON.parse(imported.stdout) as { shape: number[]; split: Record<string, unknown> };
    expect(dataset.shape).toEqual([8, 8, 1]);
    expect(dataset.split['rule']).toEqual({
      by: 'random',
      test: 0.25,
      validation: 0.1,
      seed: 3,
      copies: 'together',
    });
    const again = ['data', 'import-again', 'small', '--name', 'again', '--project', 'data', '--json'];
    const changed = await pretext([...again, '--split', 'random:test=0.5', '--size', '16']);
    expect(JSON.parse(changed.stdout)).toMatchObject({
      name: 'again',
      shape: [16, 16, 1],
      split: { rule: { by: 'random', test: 0.5 } },
    });
    const { stdout } = await pretext(['data', 'list', '--project', 'data']);
    expect(stdout).toMatch(/small +image +8 × 8 × 1 +60 +60/);
    expect((await pretext(['data', 'issues', 'nothing', '--project', 'data'])).status).toBe(1);
    const removed = await pretext(['data', 'remove', 'again', '--project', 'data', '--json']);
    const { dataset: gone } = JSON.parse(removed.stdout) as { dataset: { id: string } };
    const namesLeft = async () => (await pretext(['data', 'list', '--project', 'data'])).stdout;
    expect(await namesLeft()).not.toContain('again');
    await pretext(['data', 'restore', gone.id, '--project', 'data']);
    expect(await namesLeft()).toContain('again');
  });

  it('says what an import would find without a project, and refuses a column of no file', async () => {
    const found = await pretext(['data', 'inspect', 'images', '--json']);
    expect(JSON.parse(found.stdout)).toMatchObject({ format: 'image-folder', files: 60 });
    const refused = await pretext(['data', 'inspect', 'images', '--label-column', 'foo']);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('no label file is given');
  });

  it('tells all that is wrong with a recipe, each with its line', async () => {
    await writeFile(
      inFolder('wrong.yaml'),
      'name: x\ndata: { pretrain: [a] }\npretext:\n  bachSize: 3\n  epochs: 0\n',
    );
    const { status, stdout, stderr } = await pretext(['recipe', 'check', 'wrong.yaml']);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(
      '`bachSize` is not a field here. Did you mean `batchSize`? (wrong.yaml, line 4)',
    );
    expect(stderr).toContain(
      '`pretext.epochs` must be a whole number from 1 to 10000. Found: 0 (wrong.yaml, line 5)',
    );
  });
});

describe('pretext study run', () => {
  it('makes the project, shows progress on stderr and exactly one document on stdout', async () => {
    const { status, stdout, stderr } = await pretext(studyRun('done'));
    expect(status).toBe(0);
    const result = studyResultSchema.parse(JSON.parse(stdout));
    expect(result.results).toHaveLength(6);
    expect(result.runs).toHaveLength(3);
    expect(result.project).toBe(inFolder('done'));
    expect(stderr).toContain('simclr-1: done');
    const table = await pretext(['study', 'result', result.study, '--project', 'done']);
    expect(table.stdout).toMatch(/pretrained +0\.720 +± 0\.010 +\+0\.200 +3/);
    expect(table.stdout).toContain('pretrained − baseline: +0.090');
    const runs = await pretext(['runs', '--project', 'done', '--json']);
    expect((JSON.parse(runs.stdout) as { runs: { status: string }[] }).runs.map((run) => run.status)).toEqual(
      ['done', 'done', 'done'],
    );
  });

  it('tells what its runs would take in memory, and does not begin what clearly will not fit', async () => {
    await pretext(['project', 'create', 'large']);
    await pretext(['data', 'import', 'images', '--project', 'large', '--name', 'small']);
    const check = ['recipe', 'check', 'rotation.yaml', '--project', 'large'];
    await writeFile(
      inFolder('rotation.yaml'),
      RECIPE.replace(/ {2}import.*\n/, '').replace('simclr', 'rotation'),
    );
    const { stdout } = await pretext(check);
    // 560 + 1.3 · 8 MiB; 560 + 1.3 · 10 labels.
    expect(stdout).toMatch(
      /^rotation.yaml is a valid recipe\.\nPretraining needs about 0\.6 GB of memory; \d+/,
    );
    expect(stdout).toContain('Fine-tuning needs about 0.6 GB of memory');
    const greedy = { sampleMiB: 100_000 };
    const { memory } = JSON.parse((await pretext([...check, '--json'], greedy)).stdout) as {
      memory: { verdict: string }[];
    };
    expect(memory.map(({ verdict }) => verdict)).toEqual(['too-little', 'too-little']);

    const run = ['study', 'run', 'rotation.yaml', '--project', 'large'];
    const refused = await pretext(run, greedy);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/error: This run needs about 1\d{3}\.\d GB of memory\. Free: /);
    expect(refused.stderr).toContain('(pretext.batchSize)');
    const { studies } = JSON.parse(
      (await pretext(['study', 'list', '--project', 'large', '--json'])).stdout,
    ) as {
      studies: unknown[];
    };
    expect(studies).toEqual([]);
  });

  it('computes as the flags say, else as the machine is set; and studies keep it', async () => {
    const settings = await pretext(['settings', '--threads', '1', '--precision', 'mixed', '--json']);
    expect(JSON.parse(settings.stdout)).toMatchObject({ settings: { threads: 1, precision: 'mixed' } });
    expect((await pretext(['settings', '--threads', '4096'])).stderr).toContain(
      'Threads must be a whole number',
    );
    expect((await pretext(['settings', '--threads', 'few'])).status).toBe(2);
    const deviceOf = async (project: string, ...flags: string[]) => {
      expect((await pretext([...studyRun(project), ...flags])).status).toBe(0);
      const { stdout } = await pretext(['run', 'show', 'simclr-1', '--project', project, '--json']);
      return (JSON.parse(stdout) as { config: { device: unknown } }).config.device;
    };
    expect(await deviceOf('as-set')).toEqual({ threads: 1, precision: 'mixed' });
    expect(await deviceOf('by-flag', '--precision', 'float32')).toEqual({ threads: 1, precision: 'float32' });
    const back = await pretext(['settings', '--threads', 'automatic', '--precision', 'float32']);
    expect(back.stdout).toContain('Threads: automatic');
  });

  it('pauses at Ctrl-C with a checkpoint, and goes on when called again', async () => {
    const running = begin(studyRun('paused'), { stepMs: 100 });
    await until('it trains', () => running.stderr().includes('epoch'));
    running.child.kill('SIGINT');
    const paused = await running.ended;
    expect(paused.status).toBe(1);
    expect(paused.stdout).toBe('');
    expect(paused.stderr).toContain('Paused. Run the same command again');
    const shown = await pretext(['run', 'show', 'simclr-1', '--project', 'paused', '--json']);
    const { run, checkpoints } = JSON.parse(shown.stdout) as {
      run: { status: string };
      checkpoints: unknown[];
    };
    expect(run.status).toBe('paused');
    expect(checkpoints).toHaveLength(1);
    // Threads change no result: it is the same study.
    const again = await pretext([...studyRun('paused'), '--threads', '1']);
    expect(again.status).toBe(0);
    expect(studyResultSchema.parse(JSON.parse(again.stdout)).results).toHaveLength(6);
  });

  it('killed in the middle goes on when called again', async () => {
    const running = begin(studyRun('killed'), { stepMs: 100 });
    await until('it trains', () => running.stderr().includes('epoch'));
    running.child.kill('SIGKILL');
    await running.ended;
    const again = await pretext(studyRun('killed'));
    expect(again.status).toBe(0);
    const result = studyResultSchema.parse(JSON.parse(again.stdout));
    expect(result.results).toHaveLength(6);
    const listed = await pretext(['study', 'list', '--project', 'killed', '--json']);
    expect((JSON.parse(listed.stdout) as { studies: unknown[] }).studies).toHaveLength(1);
  });

  it('with a recipe that cannot be used makes no project', async () => {
    await writeFile(inFolder('nothing.yaml'), 'name: x\ndata: { pretrain: [a] }\n');
    const { status, stderr } = await pretext(['study', 'run', 'nothing.yaml', '--project', 'none']);
    expect(status).toBe(1);
    expect(stderr).toContain('neither `pretext` nor `finetune`');
    expect(existsSync(inFolder('none'))).toBe(false);
  });

  it('with a recipe whose data are not there makes no project, and no study in one that is there', async () => {
    const data = 'data: { import: { a: { path: gone } }, pretrain: [a] }';
    const recipe = `name: x\n${data}\npretext: { task: simclr }\n`;
    await writeFile(inFolder('gone.yaml'), recipe);
    const run = ['study', 'run', 'gone.yaml', '--project'];
    for (const folder of ['none', 'empty']) {
      if (folder === 'empty') await pretext(['project', 'create', 'empty']);
      const { status, stderr } = await pretext([...run, folder]);
      expect(status).toBe(1);
      expect(stderr).toContain('There is no such file or folder, from which the recipe imports “a”.');
      expect(stderr).toContain(inFolder('gone'));
    }
    expect(existsSync(inFolder('none'))).toBe(false);
    const listed = await pretext(['study', 'list', '--project', 'empty', '--json']);
    expect((JSON.parse(listed.stdout) as { studies: unknown[] }).studies).toEqual([]);
  });

  it('whose run fails ends with 1, the reason and an empty stdout', async () => {
    const { status, stdout, stderr } = await pretext(studyRun('failed'), { failAt: 3 });
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('error: The loss is no number any more.');
  });
});

describe('runs of a study that was closed while it imported', () => {
  it('are not waited for in vain: what they wait for is said, and the recipe again goes on', async () => {
    await writeSmallImages(inFolder('many'), 400);
    await writeFile(inFolder('many.yaml'), RECIPE.replace('path: images', 'path: many'));
    const study = ['study', 'run', 'many.yaml', '--project', 'held', '--json'];
    const first = begin(study, { steps: 5 });
    await until('it imports', () => first.stderr().includes('import small'));
    first.child.kill('SIGKILL');
    await first.ended;
    const held = /Not all data of this study are in the project.*many/;
    const all = await pretext(['run', 'resume', '--all', '--project', 'held'], { steps: 5 });
    expect(all.status).toBe(0);
    expect(all.stderr).toMatch(held);
    expect(all.stdout).toMatch(/simclr-1\s+queued/);
    const one = await pretext(['run', 'resume', 'simclr-1', '--project', 'held'], { steps: 5 });
    expect(one.status).toBe(1);
    expect(one.stderr).toMatch(held);
    const again = await pretext(study, { steps: 5 });
    expect(again.status).toBe(0);
    expect(studyResultSchema.parse(JSON.parse(again.stdout)).summary).toHaveLength(1);
  });
});
