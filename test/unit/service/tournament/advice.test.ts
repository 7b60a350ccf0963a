import { expect, it } from 'vitest';
import { getDataset, insertRecordings, listDatasets, updateRun } from '../../../../src/project/index.ts';
import { adviceFor } from '../../../../src/service/tournament/advice.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';

const data = { pretrain: ['small'] } as Parameters<typeof adviceFor>[1];

function projectOf(count: number, more: object = {}) {
  const project = temporaryProject();
  addDataset(
    project,
    'small',
    Array.from({ length: count }, (_, i) =>
      sample(i, { split: i % 4 === 3 ? 2 : 0, recording: Math.floor(i / 100) }),
    ),
    more,
  );
  return project;
}

it('counts the samples that pretraining will see', () => {
  const project = projectOf(400);
  expect(adviceFor(project, data).sampleCount).toBe(300);
  expect(adviceFor(project, { ...data, includeHeldOut: true }).sampleCount).toBe(400);
});

it('offers no task that needs classes where the labels are numbers', () => {
  const supcon = (project: ReturnType<typeof projectOf>) =>
    adviceFor(project, data).tasks.find(({ task }) => task === 'supcon')!;
  expect(supcon(projectOf(400)).impossible).toBeNull();
  expect(supcon(projectOf(400, { target: 'number', classes: [] })).impossible).not.toBeNull();
});

it('begins with so many tasks as are wished for', () => {
  const project = projectOf(400);
  expect(adviceFor(project, data, { most: 2 }).start).toHaveLength(2);
});

it('proposes fewer epochs where little time is allowed, by how fast the last run was', () => {
  const project = projectOf(4000);
  const epochs = () =>
    adviceFor(project, data, { minutes: 10 }).tasks.find(({ task }) => task === 'simclr')!.training.epochs!;
  const before = epochs();
  const { id } = addRun(project, addStudy(project));
  const progress = {
    step: 1,
    steps: 1,
    epoch: 1,
    epochs: 1,
    loss: 1,
    learningRate: 1,
    secondsLeft: 0,
    phase: 'Training',
  };
  // Ten samples a second: 3,000 of them take five minutes.
  updateRun(project, id, { status: 'done', progress: { ...progress, samplesPerSecond: 10 } });
  expect(epochs()).toBeLessThan(before);
  expect(epochs()).toBeLessThanOrEqual(2);
});

it('says which data are not there', () => {
  expect(() => adviceFor(projectOf(8), { ...data, pretrain: ['other'] })).toThrow(/other/);
});

it('measures recordings in windows, for tasks that look at several of them', () => {
  const project = projectOf(400, { modality: 'signal', shape: [100, 2] });
  const caution = () =>
    adviceFor(project, data).tasks.find(({ task }) => task === 'relative-positioning')!.caution;
  expect(caution()).toBeUndefined();
  const { key } = getDataset(project, listDatasets(project)[0]!.id);
  const about = { begun: null, subject: null, stretches: [], marks: [] };
  const places = [300, 4250, 9000].map((rows, i) => ({
    path: `${i}.csv`,
    start: i * 100_000,
    rows,
    ...about,
  }));
  insertRecordings(project, key, 0, places);
  expect(caution()).toContain('hold 42 windows or fewer');
});

it('counts recordings as grouped where a group has several of them', () => {
  const caution = (groups: number, chosen = {}) => {
    const project = projectOf(400, {
      modality: 'signal',
      shape: [100, 2],
      split: { by: 'random', train: 300, validation: 0, test: 100, groups },
    });
    const { key } = getDataset(project, listDatasets(project)[0]!.id);
    const about = { begun: null, subject: null, stretches: [], marks: [] };
    const places = Array.from({ length: 6 }, (_, i) => ({
      path: `${i}.csv`,
      start: i * 100_000,
      rows: 2000,
      ...about,
    }));
    insertRecordings(project, key, 0, places);
    const wishes = { chosen: { task: 'relative-positioning', options: chosen } };
    return adviceFor(project, data, wishes).tasks.find(({ task }) => task === 'relative-positioning')!
      .caution;
  };
  // Three sessions of each of two people; six people, each recorded once; nobody is known.
  expect(caution(2)).toContain('from other recordings of the same group');
  expect(caution(6)).toContain('a group that several of them share');
  expect(caution(0)).toBe(caution(6));
  expect(caution(2, { farIn: 'recording', far: 40 })).toContain('recordings of 41 windows or more');
});
