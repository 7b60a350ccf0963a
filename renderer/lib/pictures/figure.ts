/** A chart as a file that stands alone: light, with its own fonts and colours, whatever the window looks like. */
import { slugOf } from '../words/format.ts';

/** What a colour or a stroke means, where the window says it beside the chart. */
export interface FigureKey {
  title: string;
  color: string;
  /** A dashed line; else a spot. */
  dashed?: boolean;
}

export interface FigureWishes {
  /** What the chart shows, for those who cannot see it. */
  label: string;
  keys: readonly FigureKey[];
  /** Custom properties of the light theme by their names. */
  tokens: ReadonlyMap<string, string>;
}

const KEY_HEIGHT = 28;

/** The light theme's custom properties, from the rules for `:root` alone. */
export function lightTokens(sheets: Iterable<CSSStyleSheet>): Map<string, string> {
  const tokens = new Map<string, string>();
  for (const sheet of sheets)
    for (const rule of sheet.cssRules) {
      if (!(rule instanceof CSSStyleRule) || rule.selectorText !== ':root') continue;
      for (const name of rule.style)
        if (name.startsWith('--')) tokens.set(name, rule.style.getPropertyValue(name).trim());
    }
  return tokens;
}

/** Puts values in the place of `var(--name)` and of fonts that are inherited. */
export function resolved(text: string, tokens: ReadonlyMap<string, string>): string {
  const font = (tokens.get('--font') ?? 'sans-serif').replaceAll('"', "'");
  return text
    .replaceAll(/var\((--[\w-]+)\)/g, (_, name: string) => tokens.get(name) ?? 'currentColor')
    .replaceAll(/font-family: inherit/g, `font-family: ${font}`);
}

/** The text of an SVG file. */
export function figureSvg(chart: SVGSVGElement, { label, keys, tokens }: FigureWishes): string {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  const [width, height] = [Number(chart.getAttribute('width')), Number(chart.getAttribute('height'))];
  const top = keys.length > 0 ? KEY_HEIGHT : 0;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('viewBox', `0 ${-top} ${width} ${height + top}`);
  copy.setAttribute('height', String(height + top));
  const create = (name: string, attributes: Record<string, string | number>, text = '') => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [attribute, value] of Object.entries(attributes))
      element.setAttribute(attribute, String(value));
    element.textContent = text;
    return element;
  };
  const paper = create('rect', { x: 0, y: -top, width, height: height + top, fill: 'var(--neutral-1)' });
  copy.prepend(create('title', {}, label), paper);
  let x = 16;
  for (const { title, color, dashed } of keys) {
    copy.append(
      dashed
        ? create('path', {
            d: `M${x} ${-top / 2}h16`,
            stroke: color,
            'stroke-width': 2,
            'stroke-dasharray': '4 3',
          })
        : create('rect', { x, y: -top / 2 - 5, width: 10, height: 10, rx: 2, fill: color }),
      create('text', { x: x + 20, y: -top / 2 + 4, fill: 'var(--neutral-8)' }, title),
    );
    x += 36 + 7 * title.length;
  }
  return `${resolved(new XMLSerializer().serializeToString(copy), tokens)}\n`;
}

/** So many pixels for each of the chart's: fine enough for print. */
const PNG_SCALE = 3;

/** Draws an SVG as PNG. */
export async function figurePng(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * PNG_SCALE;
  canvas.height = image.naturalHeight * PNG_SCALE;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('the figure could not be drawn');
  return new Uint8Array(await blob.arrayBuffer());
}

/** "mean-test-scores" of "Mean test scores: pretrained 82 %". */
export const figureName = (label: string): string => slugOf(label.split(/[:;,.]/)[0]!) || 'figure';
