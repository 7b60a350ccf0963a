import { expect, test } from 'vitest';
import {
  edgePath,
  lineageOf,
  NODE_HEIGHT,
  NODE_WIDTH,
  type LineageInput,
} from '../../../../../renderer/lib/project/lineage.ts';
import type { Dataset, Run, Study } from '../../../../../src/contract/entities.ts';
import type { Arm } from '../../../../../src/contract/recipe/recipe.ts';

const dataset = (name: string) => ({ id: `id-${name}`, name, sampleCount: 60 }) as Dataset;
const study = (id: string, recipe: object) =>
  ({
    id,
    name: id,
    status: 'running',
    recipe: { data: { pretrain: ['cells'] }, ...recipe },
  }) as unknown as Study;
const run = (id: string, studyId: string, arm: Arm | null, more: Partial<Run> = {}) =>
  ({
    id,
    name: id,
    studyId,
    kind: arm ? 'finetune' : 'pretext',
    arm,
    budget: arm ? { perClass: 10 } : null,
    status: 'queued',
    datasets: ['cells'],
    checkpointId: null,
    progress: null,
    ...more,
  }) as Run;

const input = (change: Partial<LineageInput> = {}): LineageInput => ({
  datasets: [dataset('cells'), dataset('others')],
  studies: [study('first', {})],
  runs: [run('p', 'first', null), run('a', 'first', 'pretrained'), run('b', 'first', 'baseline')],
  scores: new Map(),
  answers: new Map(),
  titles: new Map(),
  writerOf: () => undefined,
  ...change,
});
const edges = (graph: ReturnType<typeof lineageOf>) =>
  graph.edges.map(({ from, to }) => `${from} > ${to}`).sort();

test('the baseline hangs on the data alone, everything else on the pretext run', () => {
  expect(edges(lineageOf(input(), 1000))).toEqual([
    'a > result:first',
    'b > result:first',
    'dataset:cells > b',
    'dataset:cells > p',
    'p > transfer:first',
    'transfer:first > a',
  ]);
});

test('several pretrainings all stand before the transfer, the candidates of a tournament do not', () => {
  const runs = [run('p', 'first', null), run('q', 'first', null), run('a', 'first', 'pretrained')];
  const graph = (recipe: object) =>
    edges(lineageOf(input({ studies: [study('first', recipe)], runs }), 1000));
  expect(graph({ pretext: { seeds: 2 } })).toEqual(
    expect.arrayContaining(['p > transfer:first', 'q > transfer:first', 'dataset:cells > q']),
  );
  expect(graph({ pretext: { seeds: 2 }, tournament: {} })).not.toContain('q > transfer:first');
});

test('a study from a checkpoint hangs on the run that wrote it', () => {
  const graph = lineageOf(
    input({
      studies: [study('first', {}), study('second', { fromCheckpoint: 'c' })],
      runs: [run('p', 'first', null, { status: 'done' }), run('a', 'second', 'pretrained')],
      writerOf: (id) => (id === 'c' ? 'p' : undefined),
    }),
    1000,
  );
  expect(edges(graph)).toContain('p > transfer:second');
});

test('a pretext run that goes on from a checkpoint hangs on the run that wrote it', () => {
  const graph = lineageOf(
    input({
      studies: [study('first', {}), study('second', {})],
      runs: [
        run('p', 'first', null, { status: 'done' }),
        run('q', 'second', null, { checkpointId: 'c', datasets: ['others'] }),
      ],
      writerOf: (id) => (id === 'c' ? 'p' : undefined),
    }),
    1000,
  );
  expect(edges(graph)).toEqual(['dataset:cells > p', 'dataset:others > q', 'p > q']);
  const [from, to] = ['p', 'q'].map((id) => graph.nodes.find((node) => node.id === id)!);
  // The bow stays left of both nodes, and between the columns.
  const [x1, , bow] = edgePath(from!, to!)
    .match(/-?\d+(\.\d+)?(?=,)/g)!
    .map(Number);
  expect(x1).toBe(to!.x);
  expect(bow).toBeLessThan(to!.x);
  expect(bow).toBeGreaterThan(NODE_WIDTH);
});

test('no two nodes overlap, and all lie within the drawing', () => {
  const runs = ['pretrained', 'baseline', 'frozen', 'linear-probe', 'knn-probe'] as const;
  const graph = lineageOf(
    input({
      studies: [study('first', {}), study('second', {})],
      runs: ['first', 'second'].flatMap((id) => [
        run(`${id}-p`, id, null),
        ...runs.map((arm) => run(`${id}-${arm}`, id, arm)),
      ]),
    }),
    1000,
  );
  expect(graph.nodes).toHaveLength(2 + 2 * 8);
  for (const [i, one] of graph.nodes.entries()) {
    expect(one.x + NODE_WIDTH).toBeLessThanOrEqual(graph.width);
    expect(one.y + NODE_HEIGHT).toBeLessThanOrEqual(graph.height);
    for (const other of graph.nodes.slice(i + 1))
      expect(Math.abs(one.x - other.x) >= NODE_WIDTH || Math.abs(one.y - other.y) >= NODE_HEIGHT).toBe(true);
  }
});

test('many fine-tuning runs are shown one a label budget', () => {
  const budgets = [{ perClass: 1 }, { perClass: 5 }, { perClass: 10 }];
  const runs = budgets.flatMap((budget, i) =>
    (['pretrained', 'baseline', 'frozen'] as const).map((arm) =>
      run(`${arm}-${i}`, 'first', arm, { budget, status: arm === 'pretrained' ? 'done' : 'queued' }),
    ),
  );
  const nodes = lineageOf(input({ runs: [run('p', 'first', null), ...runs] }), 1000).nodes.filter(
    (node) => node.column === 3,
  );
  expect(nodes.map(({ title, note }) => [title, note])).toEqual([
    ['1 label per class', '1 of 3 runs'],
    ['5 labels per class', '1 of 3 runs'],
    ['10 labels per class', '1 of 3 runs'],
  ]);
});

test('a run tells its share while it runs and its score when it is done', () => {
  const progress = { step: 30, steps: 120 } as Run['progress'];
  const graph = lineageOf(
    input({
      runs: [
        run('p', 'first', null, { status: 'running', progress }),
        run('a', 'first', 'pretrained', { status: 'done' }),
      ],
      scores: new Map([['a', '81.6 % test']]),
    }),
    1000,
  );
  const note = (id: string) => graph.nodes.find((node) => node.id === id)?.note;
  expect([note('p'), note('a')]).toEqual(['25 %', '81.6 % test']);
});
