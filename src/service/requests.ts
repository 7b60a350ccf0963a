/** What handlers call: the service's parts, and the requests that need the owner of the queue. */
import type { Project, Run, Study } from '../contract/entities.ts';
import { PretextError, toFailure } from '../contract/errors.ts';
import type { Recipe } from '../contract/recipe/recipe.ts';
import {
  closeRequest,
  getRequest,
  insertRequest,
  listOpenRequests,
  readLease,
  watchLives,
  type NewRequest,
} from '../project/index.ts';
import type { Imports } from './datasets/imports.ts';
import type { Recordings } from './datasets/recordings.ts';
import { asOwnerForAMoment, type Ownership } from './surroundings/ownership.ts';
import type { Questions } from './trainers/questions.ts';
import type { Queue } from './runs/queue.ts';
import {
  tellChanges,
  cancelRun,
  cancelStudy,
  interruptAll,
  pauseRun,
  pauseWaiting,
  resumePaused,
  resumeRun,
  type Changes,
} from './studies/transitions.ts';
import { createMerging, type Merging } from './elsewhere/merge.ts';
import type { Removals } from './removals.ts';
import { describeProject, type Workplace } from './workplace/workplace.ts';
import { makeModel, type MakeWishes } from './models/making.ts';
import { startStudy } from './studies/start.ts';

/** A pause waits for a checkpoint, which may take as long as the present step, or a graph that is being made. */
const ANSWER_MS = 300_000;
const ASK_EVERY_MS = 100;

export interface Actions extends Workplace {
  imports: Imports;
  recordings: Recordings;
  questions: Questions;
  removals: Removals;
  merging: Merging;
  describe(): Project;
  tell(changes: Changes): void;
  startStudy(recipe: Recipe, baseFolder?: string): Study;
  /** A final model or an ensemble of what runs have found. */
  makeModel(wishes: MakeWishes): Run;
  /** Pauses, resumes or cancels: here if this service owns the queue, else by asking the owner. */
  request(request: NewRequest): Promise<void>;
}

export interface Parts {
  workplace: Workplace;
  imports: Imports;
  recordings: Recordings;
  questions: Questions;
  removals: Removals;
  /** null: this service never owns the queue. */
  ownership(): Ownership | null;
  queue(): Queue | null;
  /** The queue has something new to look at. */
  wake(): void;
}

export function createActions(parts: Parts): Actions {
  const { workplace, imports, recordings, questions, removals } = parts;
  const { project } = workplace;
  const tell = (changes: Changes) => tellChanges(workplace, changes);
  return {
    ...workplace,
    imports,
    recordings,
    questions,
    removals,
    merging: createMerging(workplace),
    tell,
    describe: () => describeProject(project, !parts.ownership()?.isOwner()),
    startStudy(recipe, baseFolder) {
      const { study, changes } = startStudy(project, recipe, baseFolder);
      tell(changes);
      parts.wake();
      return study;
    },
    makeModel(wishes) {
      const run = makeModel(project, wishes);
      tell({ runIds: [run.id], studyIds: [run.studyId] });
      parts.wake();
      return run;
    },
    async request(request) {
      const queue = parts.queue();
      if (queue) return carryOut(queue, request);
      let changes: Changes | null = null;
      const done = await asOwnerForAMoment(project, () => (changes = applyWithoutQueue(workplace, request)));
      if (done) return tell(changes!);
      await askOwner(workplace, request);
    },
  };
}

/** What the owner does with a request, its own or another service's. */
export async function carryOut(queue: Queue, { action, runId, studyId }: NewRequest): Promise<void> {
  if (studyId && action === 'cancel') return queue.cancelStudy(studyId);
  if (!runId && action === 'pause') return queue.pauseAll(studyId);
  if (!runId && action === 'resume') return queue.resumeAll(studyId);
  if (!runId) throw new Error(`a request to ${action} names neither a run nor a study`);
  if (action === 'pause') return queue.pause(runId);
  if (action === 'cancel') return queue.cancel(runId);
  queue.resume(runId);
}

/** Carries out what other services left for the owner. */
export async function answerRequests({ project, log }: Workplace, queue: Queue): Promise<void> {
  for (const { id, action, runId, studyId } of listOpenRequests(project)) {
    try {
      await carryOut(queue, { action, ...(runId && { runId }), ...(studyId && { studyId }) });
      closeRequest(project, id, null);
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.code === 'internal') log.error({ err: thrown }, `request to ${action} failed`);
      closeRequest(project, id, failure);
    }
  }
}

/** Nobody runs the queue: what a dead owner left is tidied first, then the rows are changed. */
function applyWithoutQueue({ project }: Workplace, { action, runId, studyId }: NewRequest): Changes {
  interruptAll(project);
  if (studyId && action === 'cancel') return cancelStudy(project, studyId);
  if (!runId && action === 'pause') return pauseWaiting(project, studyId);
  if (!runId && action === 'resume') return resumePaused(project, studyId);
  if (action === 'pause') return pauseRun(project, runId!);
  if (action === 'cancel') return cancelRun(project, runId!);
  return resumeRun(project, runId!);
}

async function askOwner({ project }: Workplace, request: NewRequest): Promise<void> {
  const id = insertRequest(project, request);
  const until = performance.now() + ANSWER_MS;
  const watch = watchLives();
  while (performance.now() < until) {
    const owner = readLease(project);
    if (!owner || watch.judge(owner) === 'gone') break;
    const answer = getRequest(project, id);
    if (answer?.failure) throw new PretextError(answer.failure);
    if (answer?.handledAt) return;
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  throw new PretextError({
    code: 'queue.no-answer',
    message: 'The program that runs the queue of this project has not answered.',
    place: project.folder,
    remedy:
      'It is busy, or has just ended: the request stands, and whoever runs the queue next carries it out.',
  });
}
