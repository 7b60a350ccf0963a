import { describe, expect, it } from 'vitest';
import {
  deleteStudy,
  hideStudy,
  listAnswerFilesOf,
  listAnswersOf,
  referencedAnswerFiles,
  saveAnswers,
} from '../../../../../src/project/index.ts';
import { addRun, addStudy, temporaryProject } from '../../../../fixtures/projects.ts';

const kept = { bytes: 100, sha256: 'abc', influences: Float64Array.of(0.25, -1 / 3, 1e-300) };

describe('answers of a run', () => {
  it('come back as they were, one of each seed', () => {
    const project = temporaryProject();
    const run = addRun(project, addStudy(project));
    saveAnswers(project, run.id, { ...kept, seed: 2, file: 'b.safetensors' });
    saveAnswers(project, run.id, { ...kept, seed: 1, file: 'a.safetensors' });
    // A seed that was trained again.
    saveAnswers(project, run.id, { ...kept, seed: 2, file: 'b.safetensors', sha256: 'def' });
    expect(listAnswersOf(project, run.id)).toEqual([
      { ...kept, head: 0, seed: 1, file: 'a.safetensors' },
      { ...kept, head: 0, seed: 2, file: 'b.safetensors', sha256: 'def' },
    ]);
    expect(referencedAnswerFiles(project)).toEqual(new Set(['a.safetensors', 'b.safetensors']));
    expect(listAnswerFilesOf(project, [run.id])).toHaveLength(2);
  });

  it('go with their study', () => {
    const project = temporaryProject();
    const study = addStudy(project);
    const run = addRun(project, study);
    saveAnswers(project, run.id, { ...kept, seed: 1, file: 'a.safetensors' });
    hideStudy(project, study);
    deleteStudy(project, study);
    expect(referencedAnswerFiles(project)).toEqual(new Set());
  });
});
