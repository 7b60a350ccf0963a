import { describe, expect, it } from 'vitest';
import type { ExplanationMap } from '../../../../src/contract/model/explanation.ts';
import { drawExplanation, reachOf, type Drawn } from '../../../../src/export/explanations/drawing.ts';

const image = { kind: 'image' as const, width: 2, height: 1, png: 'data:image/png;base64,AA==' };
const signal = {
  kind: 'signal' as const,
  channels: [
    [0, 1],
    [10, 14],
  ],
};
const row = {
  kind: 'row' as const,
  cells: [
    { name: 'age', text: '53' },
    { name: 'work <1>', text: null },
  ],
};
const map = (grid: number[], values: number[]): ExplanationMap => ({ method: 'occlusion', grid, values });
const draw = (drawn: Partial<Drawn>) =>
  drawExplanation({
    content: image,
    map: null,
    title: 'T',
    notes: ['N'],
    channelNames: null,
    seconds: null,
    ...drawn,
  });
const countOf = (svg: string, what: string) => svg.split(what).length - 1;

describe('an explanation as a figure', () => {
  it('of a picture lies over it: orange for, blue against, the strongest most', () => {
    const svg = draw({ map: map([1, 2], [2, -1]) });
    expect(svg).toContain('<image width="480" height="240"');
    expect(svg).toMatch(/<rect x="0" y="0" width="240" height="240" fill="#d98b00" fill-opacity="0.600"\/>/);
    expect(svg).toMatch(
      /<rect x="240" y="0" width="240" height="240" fill="#0072b2" fill-opacity="0.300"\/>/,
    );
    expect(countOf(draw({}), 'fill-opacity')).toBe(0);
  });

  it('of traces has a lane for each channel, with its name and a time axis', () => {
    const svg = draw({
      content: signal,
      map: map([2, 2], [1, 0, 0, -1]),
      channelNames: ['C3', 'C4'],
      seconds: 4,
    });
    expect(countOf(svg, '<polyline')).toBe(2);
    for (const text of ['C3', 'C4', 'seconds', '>1<', '>4<']) expect(svg).toContain(text);
    expect(draw({ content: signal })).toContain('from its beginning to its end');
    expect(draw({ content: signal })).toContain('channel 2');
  });

  it('of a row has a bar for each cell, the strongest first, with names as they are', () => {
    const svg = draw({ content: row, map: map([2], [0.1, -0.5]) });
    expect(svg.indexOf('work &lt;1&gt; –')).toBeLessThan(svg.indexOf('age 53'));
    expect(svg).toContain('-0.50');
    expect(countOf(svg, '#0072b2')).toBe(1);
  });
});

it('measures all channels by the farthest of them from its mean', () => {
  expect(reachOf(signal.channels, [0.5, 12])).toBe(2);
});
