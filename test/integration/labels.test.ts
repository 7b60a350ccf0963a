/** Errors looked at and labels changed by the command line, with a study whose answers are known. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/program.ts';
import { studyResultSchema, type StudyResult } from '../../src/contract/results/result.ts';
import type { SampleAnswers } from '../../src/contract/results/sample-answers.ts';
import { closeProject, createProject } from '../../src/project/index.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { addAnsweredStudy } from '../fixtures/answers.ts';
import { fakeServiceHost } from '../fixtures/hosts.ts';
import { addDataset, sample } from '../fixtures/projects.ts';

let folder: string;
let study: string;

/** Test samples 4 to 7: cats of Ann, dogs of Bo. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-labels-'));
  const project = createProject(join(folder, 'a.pretext'), 'A', '0.0.0');
  const samples = Array.from({ length: 8 }, (_, index) =>
    sample(index, {
      split: index < 3 ? 0 : index < 4 ? 1 : 2,
      classId: index < 6 ? index % 2 : 1,
      ...(index === 5 && { classId: 0 }),
      group: index < 4 ? `other ${index}` : index < 6 ? 'Ann' : 'Bo',
    }),
  );
  const { id } = addDataset(project, 'small', samples);
  project.connection
    .prepare("UPDATE datasets SET split = json_set(split, '$.groups', 6) WHERE id = ?")
    .run(id);
  const common = { samples: [4, 5, 6, 7], targets: [0, 0, 1, 1], groups: [4, 4, 5, 5] };
  study = await addAnsweredStudy(project, [
    {
      ...common,
      arm: 'pretrained',
      seed: 1,
      said: [
        [0.9, 0.1],
        [0.2, 0.8],
        [0.4, 0.6],
        [0.3, 0.7],
      ],
    },
    {
      ...common,
      arm: 'pretrained',
      seed: 2,
      said: [
        [0.4, 0.6],
        [0.1, 0.9],
        [0.4, 0.6],
        [0.3, 0.7],
      ],
    },
    {
      ...common,
      arm: 'baseline',
      seed: 1,
      said: [
        [0.1, 0.9],
        [0.1, 0.9],
        [0.1, 0.9],
        [0.1, 0.9],
      ],
    },
  ]);
  closeProject(project);
});
afterAll(() => rm(folder, { recursive: true }));

async function pretext(...argv: string[]) {
  const texts = { stdout: '', stderr: '' };
  const into = (name: keyof typeof texts) =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        texts[name] += chunk.toString();
        done();
      },
    });
  const status = await runCommandLine([...argv, '--project', join(folder, 'a.pretext')], {
    host: fakeServiceHost({}),
    stdout: into('stdout'),
    stderr: into('stderr'),
    folder,
    onInterrupt: () => () => undefined,
  });
  return { status, ...texts, json: <T>() => JSON.parse(texts.stdout) as T };
}

const result = async () =>
  studyResultSchema.parse((await pretext('study', 'result', study, '--json')).json<StudyResult>());

describe('the command line', () => {
  it('lists errors, worst first, of an arm, a budget and a seed', async () => {
    const found = (
      await pretext('study', 'errors', study, '--arm', 'pretrained', '--seed', '1', '--json')
    ).json<SampleAnswers & { arm: string; budget: string }>();
    expect(found).toMatchObject({ arm: 'pretrained', budget: 'all', total: 1, tested: 4 });
    expect(found.answers).toMatchObject([
      { index: 5, truth: 'cat', answer: 'dog', sample: { group: 'Ann' } },
    ]);
    const csv = join(folder, 'errors.csv');
    const argv = ['study', 'errors', study, '--arm', 'pretrained', '--labels', '10', '--output', csv];
    expect((await pretext(...argv)).status).toBe(0);
    const [head, first, second, ...rest] = readFileSync(csv, 'utf8').split('\r\n');
    expect(head).toBe('sample,source,group,truth,answer,probability,loss,seeds,label_now,split_now');
    expect(first).toMatch(/^5,5\.png,Ann,cat,dog,0\.85\d*,1\.95\d*,1 2,cat,test$/);
    expect(second).toMatch(/^4,4\.png,Ann,cat,dog,0\.6\d*,0\.91\d*,2,cat,test$/);
    expect(rest).toEqual(['']);
    expect((await pretext(...argv)).stderr).toContain('There is a file of this name already');
    const [{ name }] = (await pretext('study', 'list', '--json')).json<{ studies: [{ name: string }] }>()
      .studies;
    const named = await pretext('study', 'errors', name, '--arm', 'baseline', '--json');
    expect(named.json<SampleAnswers & { study: string }>().study).toBe(study);
    const missing = await pretext('study', 'show', 'no such');
    expect(missing.stderr).toContain('There is no study “no such” in this project.');
    const open = await pretext('study', 'errors', study);
    expect(open.status).toBe(2);
    expect(open.stderr).toContain('Give --arm, one of: pretrained, baseline');
  });

  it('says for whom a model fails', async () => {
    const { groups } = await result();
    expect(groups?.[0]?.groups.map(({ group, samples }) => [group, samples])).toEqual([
      ['Ann', 2],
      ['Bo', 2],
    ]);
    expect((await pretext('study', 'result', study)).stdout).toMatch(
      /By group, worst first: accuracy[^]*Ann +2 +0\.250/,
    );
  });

  it('changes labels in versions, asks before test samples change, and leaves results as they were', async () => {
    const before = await result();
    const set = await pretext(
      'data',
      'labels',
      'set',
      'small',
      '--sample',
      '0',
      '--sample',
      '1',
      '--label',
      'fox',
      '--json',
    );
    expect(set.json()).toMatchObject({ version: 1, samples: 2, tests: 0 });
    const refused = await pretext('data', 'labels', 'set', 'small', '--sample', '5', '--label', 'dog');
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('A test sample of “small” would change');
    const asked = await pretext(
      'data',
      'labels',
      'set',
      'small',
      '--sample',
      '5',
      '--label',
      'dog',
      '--tests',
      '--json',
    );
    expect(asked.json()).toMatchObject({ version: 2, samples: 1, tests: 1 });
    expect(await result()).toEqual(before);
    const errors = await pretext('study', 'errors', study, '--arm', 'baseline');
    expect(errors.stdout).toMatch(/5 +cat +dog .*now dog/);

    const list = join(folder, 'labels.csv');
    await pretext('data', 'labels', 'export', 'small', list);
    writeFileSync(
      list,
      readFileSync(list, 'utf8').replace('2,2.png,train,other 2,cat', '2,2.png,train,other 2,dog') +
        '99,,,,cat,,\r\n',
    );
    const taken = await pretext('data', 'labels', 'import', 'small', list);
    expect(taken.stderr).toContain(`${list}:10: There is no sample 99: they are numbered from 0 to 7.`);
    expect(taken.stdout).toContain('1 sample of small changed: version 3');

    const undone = await pretext('data', 'labels', 'undo', 'small', '--to', '0', '--json');
    expect(undone.json()).toMatchObject({
      version: 4,
      samples: 4,
      dataset: { classes: [{ name: 'cat' }, { name: 'dog' }], labels: { changed: 0 } },
    });
    const history = (await pretext('data', 'labels', 'history', 'small', '--json')).json<{
      versions: object[];
    }>();
    expect(history.versions).toMatchObject([
      { version: 4, madeBy: 'undo', restores: 0 },
      { version: 3, madeBy: 'file', samples: 1 },
      { version: 2, tests: 1 },
      { version: 1 },
      { version: 0, madeBy: 'import' },
    ]);
  });
});
