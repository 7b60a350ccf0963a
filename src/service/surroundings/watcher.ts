/**
 * Notices what other processes change in the project's database, and tells it like everything else.
 *
 * SQLite's `data_version` moves when another connection has committed; only then is anything read, and then only what
 * has changed since.
 */
import { canonicalJson } from '../recipes/canonical.ts';
import type { ProjectEvent } from '../../contract/messages/project-events.ts';
import {
  findDatasetById,
  findRun,
  findStudy,
  latestRevision,
  listChangesAfter,
  listDatasets,
  listHiddenStudies,
  listMetricsAfter,
  listRunIdsWith,
  type Change,
  type WritableProject,
} from '../../project/index.ts';
import { describeProject, type Workplace } from '../workplace/workplace.ts';

const POLL_MS = 500;

export interface Watcher {
  /** Looks at once; the timer does it twice a second. */
  look(): void;
  close(): void;
}

/** `onChange` runs after the events of a foreign change were told. */
export function watchProject(workplace: Workplace, isOwner: () => boolean, onChange: () => void): Watcher {
  const { project, events, guard } = workplace;
  const seen = begin(project, describe(workplace, isOwner()));
  const look = () => {
    // In this order: where no other process has committed until the second, the first holds own changes alone.
    const revision = latestRevision(project);
    const version = dataVersion(project);
    if (version === seen.version) {
      // They were told as they were made.
      seen.revision = revision;
      return;
    }
    const changes = listChangesAfter(project, seen.revision);
    for (const event of eventsOf(workplace, seen, changes, isOwner())) events.publish(event);
    seen.version = version;
    seen.revision = changes.at(-1)?.revision ?? seen.revision;
    onChange();
  };
  const timer = setInterval(() => guard('changes of other processes could not be read', look), POLL_MS);
  return { look, close: () => clearInterval(timer) };
}

interface Seen {
  version: number;
  revision: number;
  /** Of the project itself: small, and compared as it is. */
  project: string;
  /** Ids of datasets that can be seen, and of studies that wait to be deleted. */
  datasets: Set<string>;
  hiddenStudies: Set<string>;
  /** Up to which step the points of runs were told. */
  steps: Map<string, number>;
}

function begin(project: WritableProject, description: ProjectEvent): Seen {
  return {
    revision: latestRevision(project),
    version: dataVersion(project),
    project: canonicalJson(description),
    datasets: new Set(listDatasets(project).map(({ id }) => id)),
    hiddenStudies: new Set(listHiddenStudies(project).map(({ study }) => study.id)),
    steps: new Map(),
  };
}

/** A study is told last: whoever waits for its end has heard all there was by then. */
function eventsOf(
  workplace: Workplace,
  seen: Seen,
  changes: readonly Change[],
  isOwner: boolean,
): ProjectEvent[] {
  const { project } = workplace;
  const idsOf = (kind: Change['kind']) => changes.filter((one) => one.kind === kind).map(({ id }) => id);
  const datasets = idsOf('dataset').flatMap((id) => datasetEvent(project, seen, id));
  const studies = idsOf('study').map((id) => studyEvents(project, seen, id));
  const runIds = new Set([...idsOf('run'), ...studies.flatMap(({ runIds: ids }) => ids)]);
  const runs = [...runIds].map((id) => runEvent(project, seen, id));
  const points = isOwner ? [] : newPoints(project, seen.steps, runIds);
  const told = [...datasets, ...runs, ...points, ...studies.flatMap(({ events }) => events)];
  return [...projectEvents(workplace, seen, isOwner), ...told];
}

const describe = (workplace: Workplace, isOwner: boolean): ProjectEvent => ({
  type: 'project',
  project: describeProject(workplace.project, !isOwner),
});

function projectEvents(workplace: Workplace, seen: Seen, isOwner: boolean): ProjectEvent[] {
  const event = describe(workplace, isOwner);
  const text = canonicalJson(event);
  if (text === seen.project) return [];
  seen.project = text;
  return [event];
}

function datasetEvent(project: WritableProject, { datasets }: Seen, id: string): ProjectEvent[] {
  const found = findDatasetById(project, id);
  if (found?.removedAt === null) {
    datasets.add(id);
    return [{ type: 'dataset', dataset: found.dataset }];
  }
  return datasets.delete(id) ? [{ type: 'dataset-removed', datasetId: id }] : [];
}

/** With a study that is hidden, or seen again, all its runs are. */
function studyEvents(
  project: WritableProject,
  { hiddenStudies }: Seen,
  id: string,
): { events: ProjectEvent[]; runIds: string[] } {
  const found = findStudy(project, id);
  if (found?.removedAt === null)
    return {
      events: [{ type: 'study', study: found.study }],
      runIds: hiddenStudies.delete(id) ? found.study.runIds : [],
    };
  if (found) hiddenStudies.add(id);
  else hiddenStudies.delete(id);
  return { events: [], runIds: found?.study.runIds ?? [] };
}

function runEvent(project: WritableProject, { hiddenStudies }: Seen, id: string): ProjectEvent {
  const found = findRun(project, id);
  if (!found || hiddenStudies.has(found.run.studyId)) return { type: 'run-removed', runId: id };
  return { type: 'run', run: found.run };
}

/** Points that the owner wrote since the last look, for runs that run or have ended since then. */
function newPoints(
  project: WritableProject,
  steps: Map<string, number>,
  changed: ReadonlySet<string>,
): ProjectEvent[] {
  return [...new Set([...listRunIdsWith(project, 'running'), ...changed])].flatMap((id) => {
    const points = listMetricsAfter(project, id, steps.get(id) ?? -1);
    const last = points.at(-1);
    if (last) steps.set(id, last.step);
    return points.map((point) => ({ type: 'metrics' as const, runId: id, point }));
  });
}

function dataVersion(project: WritableProject): number {
  return project.connection.pragma('data_version', { simple: true }) as number;
}
