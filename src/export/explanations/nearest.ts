/** The training samples that are most like one, side by side with their labels. */
import type { Panel } from '../../contract/data/preview.ts';
import type { Neighbor } from '../../contract/model/prediction.ts';
import { reachOf } from './drawing.ts';
import { COLORS, round, shortened, svgOf, textAt } from './svg.ts';

const SIDE = 150;
const GAP = 16;
const CAPTION = 44;

/** Null where there is nothing to see: no pictures, or rows, whose numbers say more. */
export function drawNearest(
  nearest: readonly Neighbor[],
  pictures: readonly Panel['content'][],
): string | null {
  const marks = nearest.flatMap(({ label, likeness }, at) => {
    const picture = pictures[at];
    const drawn = picture ? drawSmall(picture) : null;
    if (drawn === null) return [];
    return [
      `<g transform="translate(${GAP + at * (SIDE + GAP)} ${GAP})">`,
      drawn,
      textAt(0, SIDE + 18, shortened(String(label ?? 'unlabeled'), 20)),
      textAt(0, SIDE + 34, `likeness ${likeness.toFixed(2)}`, { color: COLORS.quiet, size: 12 }),
      '</g>',
    ];
  });
  if (marks.length === 0) return null;
  return svgOf({ width: GAP + nearest.length * (SIDE + GAP), height: SIDE + CAPTION + GAP, marks });
}

function drawSmall(content: Panel['content']): string | null {
  if (content.kind === 'image')
    return `<image width="${SIDE}" height="${SIDE}" style="image-rendering: pixelated" href="${content.png}" xlink:href="${content.png}"/>`;
  if (content.kind === 'row') return null;
  const { channels } = content;
  const lane = SIDE / channels.length;
  const means = channels.map((channel) => channel.reduce((sum, value) => sum + value, 0) / channel.length);
  const reach = reachOf(channels, means);
  const curves = channels.map((channel, at) => {
    const points = channel.map((value, i) => {
      const x = (i / Math.max(1, channel.length - 1)) * SIDE;
      return `${round(x)},${round(lane * (at + 0.5 - ((value - means[at]!) / reach) * 0.46))}`;
    });
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${COLORS.text}"/>`;
  });
  return `<rect width="${SIDE}" height="${SIDE}" fill="#f5f6f8"/>${curves.join('')}`;
}
