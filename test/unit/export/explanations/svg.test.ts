import { expect, it } from 'vitest';
import { shortened, svgOf, textAt } from '../../../../src/export/explanations/svg.ts';

it('writes names as text, whatever signs are in them', () => {
  expect(textAt(1.26, 2, '<a>\x01"&"')).toBe(
    '<text x="1.3" y="2" text-anchor="start" fill="#12161d" font-size="13">&lt;a&gt; &quot;&amp;&quot;</text>',
  );
});

it('is a document of its own on white', () => {
  const svg = svgOf({ width: 10, height: 5, marks: ['<g/>'] });
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg".* viewBox="0 0 10 5"/);
  expect(svg).toContain('fill="#fff"');
});

it('shortens what does not fit', () => {
  expect([shortened('abcdef', 4), shortened('abcd', 4)]).toEqual(['abc…', 'abcd']);
});
