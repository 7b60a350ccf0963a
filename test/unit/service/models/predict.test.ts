import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../../src/contract/entities.ts';
import type { Model } from '../../../../src/contract/model/model.ts';
import { registerModel } from '../../../../src/project/index.ts';
import { explain } from '../../../../src/service/models/explain.ts';
import { predict } from '../../../../src/service/models/predict.ts';
import { modelNote } from '../../../fixtures/models.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';

/** Keeps what is asked, and answers nothing. */
function asking() {
  const asked: { kind: string; question: Record<string, unknown> }[] = [];
  const questions = {
    ask: (kind: string, question: Record<string, unknown>) => {
      asked.push({ kind, question });
      return Promise.resolve({});
    },
  } as never;
  return { asked, questions };
}

function withModel(model: Partial<Model> = {}, dataset: Partial<Dataset> = {}) {
  const project = temporaryProject();
  const run = addRun(project, addStudy(project), { kind: 'finetune', title: 'baseline', arm: 'baseline' });
  const note = modelNote(`${run.id}-1`, { inputShape: [16, 16, 1], ...model });
  registerModel(project, run.id, note);
  const samples = [0, 1, 2].map((at) => sample(at));
  const { id } = addDataset(project, 'small', samples, dataset);
  return { project, model: note.model, datasetId: id, ...asking() };
}
type Given = ReturnType<typeof withModel>;

const answer = ({ project, model, datasetId, questions }: Given) =>
  predict(
    project,
    questions,
    { model: model.id, from: { kind: 'dataset', datasetId }, output: null, rows: 5, pictures: false },
    { onProgress: () => {} },
  );
const preparation = (changes: Partial<Model['preparation']>) => ({
  preparation: { ...modelNote('aaaaaaaaaa-1').model.preparation, ...changes },
});

describe('answers for a dataset of the project', () => {
  it('are asked with its samples, and where each came from', async () => {
    const given = withModel();
    await answer(given);
    const [{ kind, question }] = given.asked as [(typeof given.asked)[0]];
    expect(kind).toBe('predict');
    expect(question).toMatchObject({
      model: expect.stringContaining(given.model.id) as string,
      rows: 5,
      from: {
        kind: 'dataset',
        dataset: { name: 'small', shape: [16, 16, 1], offsets: Float64Array.of(0, 256, 512) },
        sources: ['0.png', '1.png', '2.png'],
      },
    });
  });

  const signals: Partial<Dataset> = { modality: 'signal', shape: [16, 2] };
  const ofSignals: Partial<Model> = { modality: 'signal', inputShape: [16, 2] };
  it.each([
    ['another kind', { modality: 'image' }, signals, 'The model answers images; “small” holds signals.'],
    [
      'other channels',
      { ...ofSignals, ...preparation({ channelNames: ['Fp1', 'Fp2'] }) },
      { ...signals, channelNames: ['Fp1', 'Cz'] },
      'The model was trained on Fp1, Fp2; “small” has Fp1, Cz.',
    ],
    [
      'another rate',
      { ...ofSignals, ...preparation({ samplingRate: 250 }) },
      { ...signals, samplingRate: 256 },
      'The model was trained at 250 Hz; “small” holds 256 samples a second.',
    ],
    [
      'another shape, where steps were made for one',
      {
        ...ofSignals,
        ...preparation({
          steps: [{ step: 'scale', mean: [0, 0], deviation: [1, 1] }],
          stored: { shape: [32, 2], dtype: 'float32' },
        }),
      },
      signals,
      'The model was trained on 32 samples × 2 channels; “small” holds 16 samples × 2 channels.',
    ],
  ] as [string, Partial<Model>, Partial<Dataset>, string][])(
    'are refused of %s',
    async (_, model, dataset, message) => {
      const given = withModel(model, dataset);
      await expect(answer(given)).rejects.toThrow(message);
      expect(given.asked).toEqual([]);
    },
  );

  it('are asked where nothing is known that would speak against it', async () => {
    const given = withModel(
      { ...ofSignals, ...preparation({ samplingRate: 250, channelNames: ['a', 'b'] }) },
      signals,
    );
    await answer(given);
    expect(given.asked).toHaveLength(1);
  });
});

it('files are asked about as they are', async () => {
  const { project, model, questions, asked } = withModel();
  const from = { kind: 'files' as const, path: '/photos' };
  const wishes = { model: model.id, output: null, rows: 1, pictures: true };
  await predict(project, questions, { ...wishes, from } as never, { onProgress: () => {} });
  expect(asked[0]!.question).toMatchObject({ from });
  await expect(
    predict(project, questions, { ...wishes, model: 'none', from } as never, { onProgress: () => {} }),
  ).rejects.toThrow('There is no model “none” in this project.');
});

describe('an explanation', () => {
  const one = ({ datasetId }: Given, more: object = {}) =>
    ({ from: { kind: 'dataset', datasetId, sample: 1 }, overwrite: false, ...more }) as never as Parameters<
      typeof explain
    >[2];

  it('is asked of one sample of a dataset', async () => {
    const given = withModel();
    await explain(
      given.project,
      given.questions,
      { ...one(given), model: given.model.id, target: 1 },
      undefined,
    );
    expect(given.asked[0]).toMatchObject({
      kind: 'explain',
      question: { target: 1, from: { kind: 'dataset', dataset: { offsets: Float64Array.of(256) } } },
    });
  });

  it('is none of samples of another shape, which the model takes as others', async () => {
    const given = withModel({ inputShape: [8, 8, 1] });
    await expect(
      explain(given.project, given.questions, { ...one(given), model: given.model.id }, undefined),
    ).rejects.toThrow(
      'Samples of “small” have another shape than the model takes; it answers them as they are brought to its own.',
    );
  });

  it('goes into a folder that is named as a whole, with words for its sample', async () => {
    const given = withModel();
    const wishes = { ...one(given), model: given.model.id };
    await expect(
      explain(given.project, given.questions, { ...wishes, to: 'here' }, undefined),
    ).rejects.toThrow('A place to write to must be a whole path. Found: here.');
    await explain(given.project, given.questions, { ...wishes, to: given.project.folder }, undefined);
    expect(given.asked[0]!.question['output']).toEqual({
      folder: given.project.folder,
      overwrite: false,
      source: 'small, sample 2',
    });
    // The dataset that it was trained on is not in the project.
    expect(given.asked[0]!.question).not.toHaveProperty('training');
  });
});
