import { describe, expect, it } from 'vitest';
import { resultText } from '../../../../src/cli/words/result-table.ts';
import { recipeSchema, type RecipeInput } from '../../../../src/contract/recipe/recipe.ts';
import { studyResultSchema } from '../../../../src/contract/results/result.ts';
import { leaveCopiesOut, registerCheckpoint, saveCopies, saveResult } from '../../../../src/project/index.ts';
import { cautionsOf, heldOutSeen, labelsSeen } from '../../../../src/service/results/fairness.ts';
import { studyResult } from '../../../../src/service/results/study.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';
import { pretextConfig } from '../../../fixtures/run-configs.ts';

const recipe = (input: Partial<RecipeInput>) =>
  recipeSchema.parse({ name: 'A', data: { pretrain: ['small'] }, finetune: {}, ...input });

/** A pretext run with a checkpoint, whose configuration says what it saw. */
function addCheckpoint(
  project: ReturnType<typeof temporaryProject>,
  includeHeldOut: boolean,
  startFrom?: string,
): string {
  const study = addStudy(project);
  const config = pretextConfig({
    data: { pretrain: ['small'], includeHeldOut },
    pretext: { task: 'simclr', startFrom },
  });
  const run = addRun(project, study, { config });
  const note = { kind: 'last' as const, step: 1, epoch: 1, bytes: 1, sha256: 'x', score: null };
  return registerCheckpoint(project, run.id, { ...note, file: `${run.id}.safetensors` }).checkpoint.id;
}

describe('a study whose pretext task learns from labels', () => {
  const supervised = { task: 'supcon' };
  const codes = (project: ReturnType<typeof temporaryProject>, input: Partial<RecipeInput>) =>
    cautionsOf(project, recipe({ pretext: supervised, ...input }), null).map(({ code }) => code);

  it('says that its pretrained arms have seen more labels, unless every arm has them all', () => {
    const project = temporaryProject();
    expect(codes(project, {})).toEqual(['labels-seen']);
    expect(codes(project, { finetune: { budgets: ['all'] } })).toEqual([]);
    expect(codes(project, { pretext: { task: 'simclr' } })).toEqual([]);
  });

  it('says so also when it starts from a checkpoint of such a run', () => {
    const project = temporaryProject();
    const run = addRun(project, addStudy(project), {
      config: pretextConfig({ pretext: supervised }),
    });
    const note = { kind: 'last' as const, step: 1, epoch: 1, bytes: 1, sha256: 'x', score: null };
    const { checkpoint } = registerCheckpoint(project, run.id, { ...note, file: 'a.safetensors' });
    expect(labelsSeen(project, recipe({ fromCheckpoint: checkpoint.id }))).toEqual(['small']);
    expect(labelsSeen(project, recipe({}))).toEqual([]);
  });
});

describe('a transductive study', () => {
  it('is one whose recipe lets pretraining see held-out samples', () => {
    const project = temporaryProject();
    expect(heldOutSeen(project, recipe({ pretext: {} }))).toEqual([]);
    const data = { pretrain: ['small', 'other'], includeHeldOut: true };
    expect(heldOutSeen(project, recipe({ pretext: {}, data }))).toEqual(['small', 'other']);
  });

  it('is also one that starts from a checkpoint of a run that saw them, however far back', () => {
    const project = temporaryProject();
    const clean = addCheckpoint(project, false);
    const seen = addCheckpoint(project, true);
    const later = addCheckpoint(project, false, addCheckpoint(project, false, seen));
    expect(heldOutSeen(project, recipe({ fromCheckpoint: clean }))).toEqual([]);
    expect(heldOutSeen(project, recipe({ fromCheckpoint: seen }))).toEqual(['small']);
    expect(heldOutSeen(project, recipe({ fromCheckpoint: later }))).toEqual(['small']);
  });

  it('says so on the document, every row, every line of the summary and in the table', async () => {
    const project = temporaryProject();
    const { id } = addDataset(project, 'small', [sample(0, { split: 0 }), sample(1, { split: 2 })]);
    await saveCopies(project, id, [], 1);
    const study = addStudy(
      project,
      recipe({ pretext: {}, data: { pretrain: ['small'], includeHeldOut: true } }),
    );
    for (const arm of ['pretrained', 'baseline'] as const) {
      const run = addRun(project, study, { kind: 'finetune', title: arm, arm, budget: { perClass: 5 } });
      for (const seed of [1, 2])
        saveResult(project, run.id, {
          arm,
          dataset: 'small',
          labels: 10,
          labelsPerClass: 5,
          seed,
          metric: 'accuracy',
          test: 0.8,
          validation: 0.8,
          train: 1,
        });
    }
    const result = studyResultSchema.parse(studyResult(project, study));
    expect(result.transductive).toBe(true);
    expect(result.results.map((row) => row.transductive)).toEqual([true, true, true, true]);
    expect(result.summary.map((row) => row.transductive)).toEqual([true]);
    expect(result.cautions?.map(({ code }) => code)).toEqual(['transductive']);
    const text = resultText('A', result);
    expect(text).toContain('Caution: Transductive: pretraining saw the validation and test samples of small');
    expect(text).toContain('(5 per class), transductive');
  });
});

describe('cautions', () => {
  it('tell of copies across splits until they are left out before the first run begins', async () => {
    const project = temporaryProject();
    const { id } = addDataset(project, 'small', [sample(0), sample(1), sample(2, { split: 2 })]);
    const asked = recipe({ pretext: {} });
    const codes = (startedAt: string | null) => cautionsOf(project, asked, startedAt).map(({ code }) => code);
    expect(codes(null)).toEqual(['copies-not-searched']);
    await saveCopies(project, id, [], 1);
    expect(codes(null)).toEqual([]);
    await saveCopies(project, id, [{ heldOut: 2, training: 0, exact: false, likeness: 0.99 }], 1);
    expect(codes(null)).toEqual(['copies-across-splits']);
    expect(cautionsOf(project, asked, null)[0]?.message).toMatch(
      /^1 of 1 test samples and 0 of 0 validation/,
    );
    await leaveCopiesOut(project, id, true);
    expect(codes(null)).toEqual([]);
    expect(codes('2999-01-01T00:00:00.000Z')).toEqual([]);
    // A run that began before has trained on them.
    expect(codes('2020-01-01T00:00:00.000Z')).toEqual(['copies-across-splits']);
  });

  it('name the settings that the recipe gives to one arm only', () => {
    const finetune = { layerDecay: 0.8, frozenEpochs: 0.1 };
    const [caution] = cautionsOf(temporaryProject(), recipe({ pretext: {}, finetune }), null);
    expect(caution?.code).toBe('settings-differ');
    expect(caution?.message).toContain('layerDecay is 0.8 for pretrained and 1 for baseline');
    expect(caution?.message).toContain('frozenShare is 0.1 for pretrained and 0 for baseline');
  });

  it('are none for equal settings, or where the arms are not compared', () => {
    const project = temporaryProject();
    expect(cautionsOf(project, recipe({ pretext: {}, finetune: {} }), null)).toEqual([]);
    expect(
      cautionsOf(project, recipe({ pretext: {}, finetune: { layerDecay: 0.5, arms: ['pretrained'] } }), null),
    ).toEqual([]);
  });
});

describe('choices for the pretrained arms', () => {
  const codes = (input: Partial<RecipeInput>, budgets?: RecipeInput['finetune']) => {
    const project = temporaryProject();
    addDataset(project, 'small', [sample(0, { classId: 1 }), sample(1, { split: 1, classId: 0 })]);
    const asked = recipe({ ...input, ...(budgets && { finetune: budgets }) });
    return cautionsOf(project, asked, null)
      .filter(({ code }) => code === 'choices-used-labels')
      .map(({ code, message }) => [code, message] as const);
  };

  it('by a probe are told of: a tournament, the best checkpoint', () => {
    const [[code, message]] = codes({ pretext: {}, tournament: {} }) as [[string, string]];
    expect(code).toBe('choices-used-labels');
    expect(message).toContain('the pretext task was chosen by a probe');
    expect(codes({ pretext: { checkpoint: 'best' }, tournament: {} })[0]![1]).toContain(
      'the pretext task and the checkpoint were chosen',
    );
  });

  it('are no matter where no labels decide, or nobody is short of them', () => {
    expect(codes({ pretext: {} })).toEqual([]);
    expect(codes({ pretext: { checkpoint: 'best', bestBy: 'rank' } })).toEqual([]);
    expect(codes({ pretext: {}, tournament: {} }, { budgets: ['all'] })).toEqual([]);
    expect(codes({ pretext: {}, tournament: {} }, { arms: ['baseline'] })).toEqual([]);
  });

  it('are known of a checkpoint that another study chose', () => {
    const project = temporaryProject();
    addDataset(project, 'small', [sample(0, { classId: 1 })]);
    const run = addRun(project, addStudy(project));
    const note = { kind: 'best' as const, step: 1, epoch: 1, bytes: 1, sha256: 'x', score: 0.5 };
    const { checkpoint } = registerCheckpoint(project, run.id, {
      ...note,
      scoreOf: 'knn',
      file: `${run.id}-best-1.safetensors`,
    });
    const found = cautionsOf(project, recipe({ fromCheckpoint: checkpoint.id }), null);
    expect(found.map(({ code }) => code)).toContain('choices-used-labels');
  });
});
