/** SVG as text that stands alone: light, with its own fonts, readable in any program. */
import { escaped } from '../../contract/html.ts';

export const COLORS = {
  text: '#12161d',
  quiet: '#596170',
  line: '#dfe2e7',
  /** Speaks for the answer. */
  for: '#d98b00',
  against: '#0072b2',
} as const;

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";

export interface Drawing {
  width: number;
  height: number;
  /** Elements. */
  marks: readonly string[];
}

export function svgOf({ width, height, marks }: Drawing): string {
  const size = `width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${size} font-family="${FONT}" font-size="13">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...marks,
    '</svg>\n',
  ].join('\n');
}

export interface TextStyle {
  anchor?: 'start' | 'middle' | 'end';
  color?: string;
  size?: number;
  bold?: boolean;
}

export function textAt(
  x: number,
  y: number,
  text: string,
  { anchor = 'start', color = COLORS.text, size = 13, bold = false }: TextStyle = {},
): string {
  const weight = bold ? ' font-weight="600"' : '';
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${color}" font-size="${size}"${weight}>${escaped(text.replaceAll(/\p{Cc}+/gu, ' '))}</text>`;
}

/** Tenths of a pixel: more is seen by nobody. */
export const round = (value: number): string => String(Math.round(value * 10) / 10);

/** What does not fit into so many signs ends with “…”. */
export const shortened = (text: string, signs: number): string =>
  text.length > signs ? `${text.slice(0, signs - 1)}…` : text;
