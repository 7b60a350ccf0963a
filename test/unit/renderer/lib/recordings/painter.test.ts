import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  BANDS,
  drawMarks,
  drawTile,
  type Colors,
  type Scene,
} from '../../../../../renderer/lib/recordings/painter.ts';
import { TILE_COLUMNS } from '../../../../../renderer/lib/recordings/view.ts';

type Drawn = [action: string, ...numbers: (number | string)[]];

/** Writes down what is drawn, and in which color. */
function paper(width = 1000) {
  const drawn: Drawn[] = [];
  const looks = { fillStyle: '', strokeStyle: '', globalAlpha: 1, lineWidth: 1, font: '', textBaseline: '' };
  const note =
    (action: string) =>
    (...numbers: (number | string)[]) =>
      void drawn.push([action, ...numbers]);
  const context = {
    ...looks,
    canvas: { width },
    ...Object.fromEntries(
      ['scale', 'beginPath', 'moveTo', 'lineTo', 'stroke', 'save', 'restore', 'rect', 'clip'].map((name) => [
        name,
        note(name),
      ]),
    ),
    fillRect: (...at: number[]) => drawn.push(['fillRect', context.fillStyle, ...at]),
    fillText: (text: string, ...at: number[]) => drawn.push(['fillText', text, ...at]),
    strokeRect: (...at: number[]) => drawn.push(['strokeRect', context.strokeStyle, ...at]),
  };
  return { context: context as unknown as CanvasRenderingContext2D, drawn };
}

describe('a tile', () => {
  let canvases: { width: number; height: number; drawn: Drawn[] }[] = [];
  beforeEach(() => {
    canvases = [];
    vi.stubGlobal('OffscreenCanvas', function Canvas(this: object, width: number, height: number) {
      const { context, drawn } = paper(width);
      canvases.push({ width, height, drawn });
      Object.assign(this, { getContext: () => context });
    });
  });
  afterEach(() => vi.unstubAllGlobals());
  const look = { height: 100, gain: 1, ratio: 2, color: 'black' };
  const lines = () => canvases[0]!.drawn.filter(([action]) => action === 'moveTo' || action === 'lineTo');

  it('is as large as the screen’s pixels, each channel in a lane of its own', () => {
    // Two channels, flat at their middles: 5 and −3.
    const values = Float32Array.from({ length: (TILE_COLUMNS + 1) * 4 }, (_, at) => (at % 4 < 2 ? 5 : -3));
    drawTile(
      values,
      2,
      [
        { middle: 5, reach: 1 },
        { middle: -3, reach: 1 },
      ],
      look,
    );
    const [{ width, height, drawn }] = canvases as [(typeof canvases)[0]];
    expect([width, height]).toEqual([2 * TILE_COLUMNS, 200]);
    expect(drawn[0]).toEqual(['scale', 2, 2]);
    const moves = lines().filter(([action]) => action === 'moveTo');
    expect(moves).toEqual([
      ['moveTo', 0, 25],
      ['moveTo', 0, 75],
    ]);
    expect(drawn.filter(([action]) => action === 'stroke')).toHaveLength(2);
  });

  it('draws a column from its lowest to its highest value, by reach and gain', () => {
    const values = new Float32Array((TILE_COLUMNS + 1) * 2).fill(NaN);
    values.set([-1, 1]);
    // A lane of 100: half of it is twice the reach, so that one unit is 12.5 of its own at a reach of 2.
    drawTile(values, 1, [{ middle: 0, reach: 2 }], look);
    expect(lines().map((line) => line.slice(0, 3))).toEqual([
      ['moveTo', 0, 62.5],
      ['lineTo', 0, 37.5],
      ['lineTo', 0.01, 62.5],
    ]);
    canvases = [];
    drawTile(values, 1, [{ middle: 0, reach: 2 }], { ...look, gain: 2 });
    expect(lines()[1]).toEqual(['lineTo', 0, 25]);
  });

  it('lets peaks cross no more than half a lane', () => {
    const values = new Float32Array((TILE_COLUMNS + 1) * 2).fill(NaN);
    values.set([-1000, 1000]);
    drawTile(values, 1, [{ middle: 0, reach: 1 }], look);
    expect(lines().map(([, , y]) => y)).toEqual([200, -100, 200]);
  });

  it('ends where the recording ends', () => {
    const values = new Float32Array((TILE_COLUMNS + 1) * 2).fill(NaN);
    for (let column = 0; column < 10; column++) values.set([0, 0], 2 * column);
    drawTile(values, 1, [], look);
    expect(Math.max(...lines().map(([, x]) => x as number))).toBeCloseTo(9.01, 9);
  });
});

describe('marks', () => {
  const colors = Object.fromEntries(
    ['trace', 'text', 'ground', 'bad', 'event', 'train', 'validation', 'test', 'leftOut', 'chosen'].map(
      (name) => [name, name],
    ),
  ) as unknown as Colors;
  const scene = (more: Partial<Scene>): Scene => ({
    view: { from: 100, rowsPerColumn: 2 },
    width: 500,
    height: BANDS + 100,
    colors,
    names: ['C3', 'C4'],
    marks: [],
    windows: [],
    windowRows: 100,
    chosen: null,
    ...more,
  });
  function draw(more: Partial<Scene>) {
    const { context, drawn } = paper(500);
    drawMarks(context, scene(more));
    return (action: string) => drawn.filter(([name]) => name === action).map(([, ...rest]) => rest);
  }
  const event = (name: string, start: number, end = start) => ({
    kind: 'event' as const,
    name,
    channel: null,
    start,
    end,
  });

  it('of events stand where they happened, and are as wide as they last', () => {
    const drawn = draw({ marks: [event('go', 200), event('stage', 300, 500)] });
    expect(drawn('fillRect')).toEqual([
      ['event', 50, 0, 1, BANDS + 100],
      ['event', 100, 0, 100, 22],
      ['event', 100, 0, 1, BANDS + 100],
    ]);
    expect(drawn('fillText')).toEqual([
      ['go', 54, 11, 120],
      ['stage', 104, 11, 100],
    ]);
  });

  it('are named where there are not too many, and at the border where they began before', () => {
    expect(draw({ marks: [event('stage', 0, 300)] })('fillText')).toEqual([['stage', 4, 11, 100]]);
    const many = Array.from({ length: 41 }, (_, at) => event('x', 100 + at));
    expect(draw({ marks: many })('fillText')).toEqual([]);
  });

  it('of a bad channel lie over its lane, those of all channels over all', () => {
    const bad = { kind: 'flat' as never, name: '', start: 200, end: 300 };
    expect(draw({ marks: [{ ...bad, channel: 'C4' }] })('rect')).toEqual([[50, BANDS + 50, 50, 50]]);
    expect(draw({ marks: [{ ...bad, channel: null }] })('rect')).toEqual([[50, BANDS, 50, 100]]);
    // What lies outside of the picture is not drawn at all.
    expect(draw({ marks: [{ ...bad, start: 5000, end: 6000, channel: null }] })('rect')).toEqual([]);
  });

  it('of windows have the color of their split, and their label where there is room', () => {
    const window = (start: number, split: 'train' | 'left-out', label: string | null) => ({
      index: start,
      start,
      split,
      label,
    });
    const drawn = draw({
      windows: [
        window(100, 'train', 'walk'),
        window(200, 'left-out', null),
        window(20, 'train', 'sit'),
        window(5000, 'train', 'far'),
      ] as unknown as Scene['windows'],
    });
    expect(drawn('fillRect')).toEqual([
      ['train', 0, 24, 49, 3],
      ['leftOut', 50, 24, 49, 3],
      ['train', -40, 24, 49, 3],
    ]);
    // Of the one that began before the picture too little is left.
    expect(drawn('fillText')).toEqual([['walk', 2, 34, 46]]);
  });

  it('show the sample that led here', () => {
    expect(draw({ chosen: { start: 200, rows: 100 } })('strokeRect')).toEqual([
      ['chosen', 50, 22, 50, BANDS + 100 - 23],
    ]);
    expect(draw({})('strokeRect')).toEqual([]);
  });
});
