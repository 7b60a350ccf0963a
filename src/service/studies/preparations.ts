/**
 * Studies that wait for their data: the imports that they need are carried out, or waited for where another study or
 * another process is at them already. For the owner of the queue.
 */
import { toFailure, type Failure } from '../../contract/errors.ts';
import {
  addImportSeconds,
  findStudy,
  getStudy,
  inTransaction,
  insertRuns,
  listRunsOf,
  listStudiesWith,
  saveFolds,
  setStudyStatus,
} from '../../project/index.ts';
import type { Imports } from '../datasets/imports.ts';
import { logFailure } from '../workplace/log.ts';
import type { Room } from '../workplace/room.ts';
import type { Workplace } from '../workplace/workplace.ts';
import { planRuns } from '../recipes/plan.ts';
import { dealStudyFolds } from './folds.ts';
import { proposeForStudy, withProposals } from './proposals.ts';
import { heldImport, isHeld, missingImports } from './data-there.ts';
import { requirePossible, requireReusable, requireUnseen } from './start.ts';
import { refreshStudy, tellChanges } from './transitions.ts';

export interface Preparations {
  /**
   * What was importing when the project was opened waits until somebody says to go on: a project may come from
   * elsewhere, and the path that it names lead to another machine.
   */
  hold(): void;
  /** Begins what is not begun yet. Call it whenever something changed. */
  begin(): void;
  /** Nobody wants the study any more: its imports end, unless somebody else waits for them. */
  stop(studyId: string): void;
  close(): void;
}

/** @param onReady a study has its data, or will not get them */
export function createPreparations(
  workplace: Workplace,
  { imports, room, onReady }: { imports: Imports; room: Room; onReady(): void },
): Preparations {
  const { project, events, log, guard } = workplace;
  const underWay = new Map<string, AbortController>();
  let closed = false;

  const prepare = async (studyId: string, signal: AbortSignal) => {
    const { study } = getStudy(project, studyId);
    const started = performance.now();
    for (const [name, options] of missingImports(project, study.recipe))
      await imports.share(name, options, signal);
    signal.throwIfAborted();
    addImportSeconds(project, studyId, (performance.now() - started) / 1000);
    requireReusable(project, study.recipe);
    requirePossible(project, withProposals(project, study.recipe));
    requireUnseen(project, study.recipe);
    const folds = await dealStudyFolds(project, study.recipe, signal);
    signal.throwIfAborted();
    if (!isImporting(studyId)) return;
    inTransaction(project, () => {
      if (folds.length > 0 && study.runIds.length === 0) {
        saveFolds(project, studyId, folds);
        insertRuns(project, studyId, planRuns(study.recipe, folds));
      }
      proposeForStudy(project, studyId);
      setStudyStatus(project, studyId, 'running');
    });
    // It is told as running whatever else changed, with the runs that its folds have added.
    const { runIds } = refreshStudy(project, studyId);
    const planned = folds.length > 0 ? listRunsOf(project, studyId).map(({ run }) => run.id) : [];
    tellChanges(workplace, { runIds: [...new Set([...planned, ...runIds])], studyIds: [studyId] });
  };
  /** Cancelled or removed meanwhile, the study needs nothing any more. */
  const isImporting = (studyId: string) =>
    project.connection.open && findStudy(project, studyId)?.study.status === 'importing';
  const giveUp = (studyId: string, failure: Failure) => {
    if (!isImporting(studyId)) return;
    // Another process imports it: its end changes the project, and whoever sees that begins here again.
    if (failure.code === 'dataset.importing') return;
    if (failure.code === 'disk.full') {
      const told = room.waitFor(failure, 0);
      publish(studyId, told);
      setStudyStatus(project, studyId, 'importing', told);
      return;
    }
    setStudyStatus(project, studyId, 'failed', failure);
    publish(studyId);
  };
  const publish = (studyId: string, failure?: Failure) => {
    const { study } = getStudy(project, studyId);
    events.publish({ type: 'study', study: failure ? { ...study, failure } : study });
  };
  const carryOut = async (studyId: string, signal: AbortSignal) => {
    try {
      await prepare(studyId, signal);
    } catch (thrown) {
      // Whoever opens the project next finds the study still importing.
      if (closed || !project.connection.open) return;
      const failure = toFailure(thrown);
      logFailure(log, failure, thrown, `study ${studyId} could not be prepared`);
      giveUp(studyId, failure);
    } finally {
      underWay.delete(studyId);
      if (!closed) onReady();
    }
  };
  return {
    hold() {
      for (const { study } of listStudiesWith(project, ['importing']))
        if (missingImports(project, study.recipe).length > 0)
          setStudyStatus(project, study.id, 'importing', heldImport(project, study.recipe));
    },
    begin() {
      if (room.isShort()) return;
      for (const { study } of listStudiesWith(project, ['importing'])) {
        if (underWay.has(study.id) || isHeld(study)) continue;
        const abort = new AbortController();
        underWay.set(study.id, abort);
        guard(`the study ${study.name} could not be prepared`, () => carryOut(study.id, abort.signal));
      }
    },
    stop: (studyId) => underWay.get(studyId)?.abort(),
    close() {
      closed = true;
      for (const abort of underWay.values()) abort.abort();
    },
  };
}
