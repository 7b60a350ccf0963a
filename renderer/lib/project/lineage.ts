/**
 * The lineage as a layered graph: datasets, pretext runs, transfers, fine-tuning runs, results.
 *
 * Pure: takes what the project knows, gives nodes with positions in pixels and edges between their ids.
 */
import type { Dataset, Run, RunStatus, Study } from '../../../src/contract/entities.ts';
import type { LabelBudget } from '../../../src/contract/recipe/recipe.ts';
import { needsCheckpoint } from '../../../src/contract/recipe/arms.ts';
import { ARM_TITLES, budgetWords, formatCount } from '../words/format.ts';
import type { Route } from './screens.ts';

export type NodeKind = 'dataset' | 'pretext' | 'transfer' | 'finetune' | 'baseline' | 'result';
export interface LineageNode {
  id: string;
  kind: NodeKind;
  column: number;
  title: string;
  /** The node's one number, with what it counts. */
  note: string;
  status: RunStatus | 'ready' | 'missing' | 'importing';
  route: Route;
  x: number;
  y: number;
}
export interface LineageEdge {
  from: string;
  to: string;
}
export interface Lineage {
  nodes: LineageNode[];
  edges: LineageEdge[];
  width: number;
  height: number;
  /** Narrower where five columns would not fit else. */
  nodeWidth: number;
}

export const NODE_WIDTH = 168;
/** Space for the lines between two columns, at least. */
const BETWEEN = 20;
export const NODE_HEIGHT = 52;
const ROW = 64;
const BAND_GAP = 24;
const BOW = 36;

/** What a study without an answer says of itself. */
const RESULT_NOTES: Record<Study['status'], string> = {
  importing: 'not yet',
  running: 'not yet',
  paused: 'paused',
  interrupted: 'interrupted',
  away: 'on other machines',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
};

type Draft = Omit<LineageNode, 'x' | 'y'>;

function runNote(run: Run, score: string | undefined): string {
  if (run.status === 'done') return score ?? 'done';
  const progress = run.progress;
  if (run.status === 'running' && progress && progress.steps > 0)
    return `${Math.floor((100 * progress.step) / progress.steps)} %`;
  return run.status;
}

const sameBudget = (a: LabelBudget | null, b: LabelBudget | null) => JSON.stringify(a) === JSON.stringify(b);

function budgetsOf(runs: readonly Run[]): LabelBudget[] {
  const found: LabelBudget[] = [];
  for (const { budget } of runs)
    if (budget && !found.some((other) => sameBudget(other, budget))) found.push(budget);
  return found;
}

export interface LineageInput {
  datasets: readonly Dataset[];
  studies: readonly Study[];
  runs: readonly Run[];
  /** A run's one number in words, where it is known: a test score, a probe accuracy. */
  scores: ReadonlyMap<string, string>;
  /** The run that wrote a checkpoint, where it is known. */
  writerOf: (checkpointId: string) => string | undefined;
  /** A study's answer in words: "+3.2 points". */
  answers: ReadonlyMap<string, string>;
  /** Names that tell studies apart. */
  titles: ReadonlyMap<string, string>;
}

function datasetNode(dataset: Dataset): Draft {
  return {
    id: `dataset:${dataset.name}`,
    kind: 'dataset',
    column: 0,
    title: dataset.name,
    note: `${formatCount(dataset.sampleCount)} samples`,
    status: 'ready',
    route: { screen: 'dataset', id: dataset.id },
  };
}

/** One study's nodes from pretext to result; the edges name nodes by id. */
function studyBand(study: Study, input: LineageInput): { nodes: Draft[]; edges: LineageEdge[] } {
  const runs = input.runs.filter((run) => run.studyId === study.id);
  // One for each pretraining; the candidates of a tournament would be too many to read.
  const pretexts = runs
    .filter((run) => run.kind === 'pretext')
    .slice(0, study.recipe.tournament ? 1 : (study.recipe.pretext?.seeds ?? 1));
  const finetune = runs.filter((run) => run.kind === 'finetune' && run.making == null);
  const nodes: Draft[] = [];
  const edges: LineageEdge[] = [];
  const transferId = `transfer:${study.id}`;
  for (const pretext of pretexts) {
    nodes.push({
      id: pretext.id,
      kind: 'pretext',
      column: 1,
      title: pretext.name,
      note: runNote(pretext, input.scores.get(pretext.id)),
      status: pretext.status,
      route: { screen: 'run', id: pretext.id },
    });
    for (const name of pretext.datasets) edges.push({ from: `dataset:${name}`, to: pretext.id });
    const start = input.writerOf(pretext.checkpointId ?? '');
    if (start) edges.push({ from: start, to: pretext.id });
  }
  const warm = finetune.filter((run) => run.arm === null || needsCheckpoint(run.arm));
  if (warm.length > 0) {
    const ready = warm.some((run) => run.checkpointId !== null);
    nodes.push({
      id: transferId,
      kind: 'transfer',
      column: 2,
      title: 'Encoder weights',
      note: ready ? `into ${warm.length} ${warm.length === 1 ? 'run' : 'runs'}` : 'waits for pretext',
      status: ready ? 'done' : 'queued',
      route: { screen: 'transfer' },
    });
    const written = input.writerOf(study.recipe.fromCheckpoint ?? '');
    const sources = pretexts.length > 0 ? pretexts.map(({ id }) => id) : written ? [written] : [];
    for (const source of sources) edges.push({ from: source, to: transferId });
  }
  addFinetune(study, finetune, input, nodes, edges, transferId);
  return { nodes, edges };
}

/** Fine-tuning nodes one by one, or one a label budget where they would be too many to read. */
function addFinetune(
  study: Study,
  runs: readonly Run[],
  input: LineageInput,
  nodes: Draft[],
  edges: LineageEdge[],
  transferId: string,
): void {
  const budgets = budgetsOf(runs);
  const grouped = runs.length > 8;
  const resultId = `result:${study.id}`;
  const groups = grouped
    ? budgets.map((budget) => runs.filter((run) => sameBudget(run.budget, budget)))
    : runs.map((run) => [run]);
  for (const group of groups) {
    const first = group[0];
    if (!first) continue;
    const baseline = !grouped && first.arm === 'baseline';
    const done = group.filter((run) => run.status === 'done').length;
    const open = group.find((run) => run.status !== 'done');
    nodes.push({
      id: first.id,
      kind: baseline ? 'baseline' : 'finetune',
      column: 3,
      title: grouped ? budgetWords(first.budget ?? 'all') : ARM_TITLES[first.arm ?? 'pretrained'],
      note: grouped ? `${done} of ${group.length} runs` : runNote(first, input.scores.get(first.id)),
      status: open?.status ?? 'done',
      route: grouped ? { screen: 'runs' } : { screen: 'run', id: first.id },
    });
    if (group.some((run) => run.arm === null || needsCheckpoint(run.arm)))
      edges.push({ from: transferId, to: first.id });
    const fresh = group.filter((run) => run.arm !== null && !needsCheckpoint(run.arm));
    for (const name of new Set(fresh.flatMap((run) => run.datasets)))
      edges.push({ from: `dataset:${name}`, to: first.id });
    edges.push({ from: first.id, to: resultId });
  }
  if (runs.length === 0) return;
  nodes.push({
    id: resultId,
    kind: 'result',
    column: 4,
    title: input.titles.get(study.id) ?? study.name,
    note: input.answers.get(study.id) ?? RESULT_NOTES[study.status],
    status: study.status === 'importing' ? 'queued' : study.status,
    route: { screen: 'compare', id: study.id },
  });
}

const middle = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Pushes nodes of one column apart, keeping their order by the wished height. */
function spread(column: { node: Draft; wish: number }[], top: number): LineageNode[] {
  let next = top;
  return column
    .sort((a, b) => a.wish - b.wish)
    .map(({ node, wish }) => {
      const y = Math.max(next, wish);
      next = y + ROW;
      return { ...node, x: 0, y };
    });
}

export function lineageOf(input: LineageInput, width: number): Lineage {
  const placed: LineageNode[] = [];
  const edges: LineageEdge[] = [];
  let top = 0;
  for (const study of input.studies) {
    const band = studyBand(study, input);
    if (band.nodes.length === 0) continue;
    edges.push(...band.edges);
    const tallest = Math.max(...[1, 2, 3, 4].map((c) => band.nodes.filter((n) => n.column === c).length));
    for (const column of [1, 2, 3, 4]) {
      const nodes = band.nodes.filter((node) => node.column === column);
      const offset = ((tallest - nodes.length) * ROW) / 2;
      nodes.forEach((node, i) => placed.push({ ...node, x: 0, y: top + offset + i * ROW }));
    }
    top += tallest * ROW + BAND_GAP;
  }
  const wishes = input.datasets.map((dataset) => {
    const node = datasetNode(dataset);
    const fed = edges
      .filter((edge) => edge.from === node.id)
      .flatMap((edge) => placed.find((other) => other.id === edge.to) ?? []);
    // Beside its pretext runs where there are any, so that the line to them is straight.
    const near = fed.filter((other) => other.kind === 'pretext');
    const targets = (near.length > 0 ? near : fed).map((other) => other.y);
    return { node, wish: targets.length ? middle(targets) : top };
  });
  const nodes = [...spread(wishes, 0), ...placed];
  const nodeWidth = Math.min(NODE_WIDTH, Math.floor((width - 4 * BETWEEN) / 5));
  const step = (width - nodeWidth) / 4;
  for (const node of nodes) node.x = Math.round(node.column * step);
  const known = new Set(nodes.map((node) => node.id));
  const height = Math.max(NODE_HEIGHT, ...nodes.map((node) => node.y + NODE_HEIGHT));
  return {
    nodes,
    edges: edges.filter((e) => known.has(e.from) && known.has(e.to)),
    width,
    height,
    nodeWidth,
  };
}

/**
 * A flat S between the right side of one node and the left side of another; within a column, where a pretext run
 * goes on from an earlier one, a bow along the left sides.
 */
export function edgePath(from: LineageNode, to: LineageNode, nodeWidth = NODE_WIDTH): string {
  if (from.column === to.column) {
    const [a, b] = [from.y + NODE_HEIGHT / 2, to.y + NODE_HEIGHT / 2];
    return `M${from.x},${a} C${from.x - BOW},${a} ${to.x - BOW},${b} ${to.x},${b}`;
  }
  const x1 = from.x + nodeWidth;
  const y1 = from.y + NODE_HEIGHT / 2;
  const x2 = to.x;
  const y2 = to.y + NODE_HEIGHT / 2;
  // A line that passes columns leaves late, so that it does not run through their nodes' middles.
  const bend = Math.min((x2 - x1) / 2, 48);
  return `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`;
}
