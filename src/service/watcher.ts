/**
 * Notices what other processes change in the project's database, and tells it like everything else.
 *
 * SQLite's `data_version` moves when another connection has committed; only then is anything compared.
 */
import { canonicalJson } from './recipes/canonical.ts';
import type { ProjectEvent } from '../contract/messages/rpc.ts';
import {
  getRun,
  getStudy,
  listDatasets,
  listMetricsAfter,
  listRunsWith,
  runMarks,
  studyMarks,
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
    const changes = differences(project, known, next);
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

interface Snapshot {
  /** Few and small: compared as they are. */
  few: Map<string, { event: ProjectEvent; text: string }>;
  runs: Map<string, string>;
  studies: Map<string, string>;
}

function snapshot(project: WritableProject, isOwner: boolean): Snapshot {
  const few: Snapshot['few'] = new Map();
  const add = (key: string, event: ProjectEvent) => few.set(key, { event, text: canonicalJson(event) });
  add('project', { type: 'project', project: describeProject(project, !isOwner) });
  for (const dataset of listDatasets(project)) add(dataset.id, { type: 'dataset', dataset });
  return { few, runs: runMarks(project), studies: studyMarks(project) };
}

function differences(project: WritableProject, before: Snapshot, now: Snapshot): ProjectEvent[] {
  const few = [...now.few].filter(([key, { text }]) => before.few.get(key)?.text !== text);
  const studies = changed(before.studies, now.studies).map((id): ProjectEvent => ({
    type: 'study',
    study: getStudy(project, id).study,
  }));
  const runs = changed(before.runs, now.runs).map((id): ProjectEvent => ({
    type: 'run',
    run: getRun(project, id).run,
  }));
  const goneDatasets = gone(before.few, now.few).map((datasetId): ProjectEvent => ({
    type: 'dataset-removed',
    datasetId,
  }));
  const goneRuns = gone(before.runs, now.runs).map((runId): ProjectEvent => ({ type: 'run-removed', runId }));
  return [...few.map(([, { event }]) => event), ...studies, ...runs, ...goneDatasets, ...goneRuns];
}

const changed = (before: Map<string, string>, now: Map<string, string>) =>
  [...now].filter(([id, mark]) => before.get(id) !== mark).map(([id]) => id);

const gone = (before: Map<string, unknown>, now: Map<string, unknown>) =>
  [...before.keys()].filter((id) => !now.has(id));

/** Points that the owner wrote since the last look, for runs that run or have ended since then. */
function newPoints(
  project: WritableProject,
  steps: Map<string, number>,
  changes: readonly ProjectEvent[],
): ProjectEvent[] {
  const ofRuns = changes.flatMap((event) => (event.type === 'run' ? event.run.id : []));
  const running = listRunsWith(project, ['running']).map(({ run }) => run.id);
  return [...new Set([...running, ...ofRuns])].flatMap((id) => {
    const points = listMetricsAfter(project, id, steps.get(id) ?? -1);
    const last = points.at(-1);
    if (last) steps.set(id, last.step);
    return points.map((point) => ({ type: 'metrics' as const, runId: id, point }));
  });
}

function dataVersion(project: WritableProject): number {
  return project.connection.pragma('data_version', { simple: true }) as number;
}
