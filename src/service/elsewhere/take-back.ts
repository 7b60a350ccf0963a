/** Takes what is not back yet from the engines: the runs are this computer's again, and wait until somebody goes on. */
import { takeBack } from '../../bundle/engines/hand-over.ts';
import { jobsOut } from '../../contract/elsewhere/progress.ts';
import { toFailure } from '../../contract/errors.ts';
import { inTransaction, listBundles, listRunsOf } from '../../project/index.ts';
import { changeAll, type Changes } from '../studies/transitions.ts';
import { logFailure } from '../workplace/log.ts';
import type { Workplace } from '../workplace/workplace.ts';
import type { Merging } from './merge.ts';

/**
 * What has ended is brought back first. An engine that cannot be asked any more keeps nobody from going on here: what
 * its jobs still find counts for nothing.
 *
 * @returns what the engines said, and what could not be done
 */
export async function takeStudyBack(
  workplace: Workplace,
  merging: Merging,
  studyId: string,
): Promise<{ runs: number; words: string; changes: Changes }> {
  const { project, log } = workplace;
  const words: string[] = [];
  for (const { folder, engine } of listBundles(project, studyId)) {
    try {
      const report = await merging.merge(folder);
      if (engine !== null && jobsOut(report).length > 0) words.push(await takeBack(folder));
    } catch (thrown) {
      const failure = toFailure(thrown);
      logFailure(log, failure, thrown, 'a bundle could not be taken back');
      words.push(failure.message);
    }
  }
  return inTransaction(project, () => {
    const away = listRunsOf(project, studyId).filter(({ run }) => run.status === 'away');
    const changes = changeAll(project, away, { status: 'paused', failure: null });
    return { runs: away.length, words: words.filter(Boolean).join('\n'), changes };
  });
}
