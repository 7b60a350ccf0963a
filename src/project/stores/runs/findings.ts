/** Findings of a run: collapses and divergences, kept with it in the order they were noticed. */
import type { Finding, Run } from '../../../contract/entities.ts';
import type { WritableProject } from '../../database.ts';
import { getRun, updateRun } from './runs.ts';

/** Adds a finding; told again (now that it is over), it takes the place of the first telling. */
export function saveFinding(project: WritableProject, runId: string, finding: Finding): Run {
  const { findings } = getRun(project, runId).run;
  const isSame = (one: Finding) => one.kind === finding.kind && one.step === finding.step;
  return updateRun(project, runId, {
    findings: findings.some(isSame)
      ? findings.map((one) => (isSame(one) ? finding : one))
      : [...findings, finding],
  });
}

/** Forgets what was noticed after the step that a run continues from: it will be noticed again. */
export function dropFindingsAfter(project: WritableProject, runId: string, step: number): Run {
  const { findings } = getRun(project, runId).run;
  return updateRun(project, runId, {
    findings: findings
      .filter((finding) => finding.step <= step)
      .map((finding) => ((finding.overAtStep ?? 0) > step ? { ...finding, overAtStep: null } : finding)),
  });
}
