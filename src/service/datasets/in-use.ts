/** Which studies still need a dataset. */
import { PretextError } from '../../contract/errors.ts';
import { getStudy, listRunsWith, listStudiesWith, type ReadableProject } from '../../project/index.ts';
import { datasetsOf } from '../recipes/plan.ts';
import { isMaking } from '../recipes/tries.ts';
import { RUN_GROUPS, STUDY_GROUPS } from '../../contract/status.ts';

/** Throws `dataset.in-use` while an unfinished study uses the dataset. `verb`: what was to be done with it. */
export function requireUnused(
  project: ReadableProject,
  name: string,
  verb: 'removed' | 'renamed' | 'changed',
): void {
  const unfinished = listStudiesWith(project, STUDY_GROUPS.open);
  // A model may still be made of a study that is finished.
  const made = listRunsWith(project, RUN_GROUPS.open)
    .filter(isMaking)
    .map(({ run }) => getStudy(project, run.studyId));
  const using = [...unfinished, ...made].find(({ study }) => datasetsOf(study.recipe).includes(name));
  if (!using) return;
  throw new PretextError({
    code: 'dataset.in-use',
    message: `The dataset “${name}” cannot be ${verb}: the study “${using.study.name}” is ${using.study.status} and uses it.`,
    place: name,
    remedy: 'Let the study finish, or cancel it first.',
  });
}
