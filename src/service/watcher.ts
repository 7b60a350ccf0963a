/**
 * Notices what other processes change in the project's database, and tells it like everything else.
 *
 * SQLite's `data_version` moves when another connection has committed; only then is anything compared.
 */
import { canonicalJson } from './recipes/canonical.ts';
import type { ProjectEvent } from '../contract/rpc.ts';
import {
  listDatasets,
  listMetricsAfter,
  listRuns,
  listStudies,
  type WritableProject,
} from '../project/index.ts';
import { describeProject, type Workplace } from './workplace.ts';

const POLL_MS = 500;

export interface Watcher {
  close(): void;
}

/** `onChange` runs after the events of a foreign change were told. */
export function watchProject(workplace: Workplace, isOwner: () => boolean, onChange: () => void): Watcher {
  const { project, events, guard } = workplace;
  let version = dataVersion(project);
  let known = snapshot(project, isOwner());
  const steps = new Map<string, number>();
  const look = () => {
    const found = dataVersion(project);
    if (found === version) return;
    const next = snapshot(project, isOwner());
    const changes = differences(known, next);
    const points = isOwner() ? [] : newPoints(project, steps, changes);
    // A study is told last: whoever waits for its end has heard all there was by then.
    const isStudy = (event: ProjectEvent) => event.type === 'study';
    const ordered = [...changes.filter((event) => !isStudy(event)), ...points, ...changes.filter(isStudy)];
    for (const event of ordered) events.publish(event);
    known = next;
    version = found;
    onChange();
  };
  const timer = setInterval(() => guard('changes of other processes could not be read', look), POLL_MS);
  return { close: () => clearInterval(timer) };
}

type Snapshot = Map<string, { event: ProjectEvent; gone: ProjectEvent | null; text: string }>;

function snapshot(project: WritableProject, isOwner: boolean): Snapshot {
  const found: Snapshot = new Map();
  const add = (key: string, event: ProjectEvent, gone: ProjectEvent | null) =>
    found.set(key, { event, gone, text: canonicalJson(event) });
  add('project', { type: 'project', project: describeProject(project, !isOwner) }, null);
  for (const dataset of listDatasets(project))
    add(
      `dataset ${dataset.id}`,
      { type: 'dataset', dataset },
      { type: 'dataset-removed', datasetId: dataset.id },
    );
  for (const study of listStudies(project)) add(`study ${study.id}`, { type: 'study', study }, null);
  for (const run of listRuns(project))
    add(`run ${run.id}`, { type: 'run', run }, { type: 'run-removed', runId: run.id });
  return found;
}

function differences(before: Snapshot, now: Snapshot): ProjectEvent[] {
  const changed = [...now]
    .filter(([key, { text }]) => before.get(key)?.text !== text)
    .map(([, { event }]) => event);
  const gone = [...before].filter(([key]) => !now.has(key)).flatMap(([, { gone: event }]) => event ?? []);
  return [...changed, ...gone];
}

/** Points that the owner wrote since the last look, for runs that run or have ended since then. */
function newPoints(
  project: WritableProject,
  steps: Map<string, number>,
  changes: readonly ProjectEvent[],
): ProjectEvent[] {
  const changed = new Set(changes.flatMap((event) => (event.type === 'run' ? event.run.id : [])));
  const alive = listRuns(project).filter(({ id, status }) => status === 'running' || changed.has(id));
  return alive.flatMap(({ id }) => {
    const points = listMetricsAfter(project, id, steps.get(id) ?? -1);
    const last = points.at(-1);
    if (last) steps.set(id, last.step);
    return points.map((point) => ({ type: 'metrics' as const, runId: id, point }));
  });
}

function dataVersion(project: WritableProject): number {
  return project.connection.pragma('data_version', { simple: true }) as number;
}
