/** Runs of equal text in a column: a label or a group for every row costs no more than its changes. */
import { isMissing } from './numbers.ts';
import { isUtf8 } from './encoding.ts';

export class Runs {
  /** The row each run begins at, and its place in `values` (-1: nothing). */
  readonly starts: number[] = [];
  readonly ids: number[] = [];
  readonly values: string[] = [];
  private readonly known = new Map<string, number>();
  private last: Buffer | null = null;
  private lastId = -1;

  /** @param bytes The cell as it stands in the file; null for a row that has none. */
  add(row: number, bytes: Buffer | null): void {
    const isLast = bytes !== null && this.last !== null && bytes.equals(this.last);
    const id = isLast ? this.lastId : this.idOf(bytes);
    if (!isLast && bytes !== null) {
      this.last = Buffer.from(bytes);
      this.lastId = id;
    }
    if (this.ids.length === 0 || this.ids[this.ids.length - 1] !== id) {
      this.starts.push(row);
      this.ids.push(id);
    }
  }

  private idOf(bytes: Buffer | null): number {
    const text = bytes === null ? '' : cellText(bytes);
    if (isMissing(text)) return -1;
    const name = className(text);
    let id = this.known.get(name);
    if (id === undefined) {
      id = this.values.push(name) - 1;
      this.known.set(name, id);
    }
    return id;
  }
}

/** 1 and 1.0 are one class; so are letters that are composed and decomposed. */
export const className = (text: string): string =>
  /^[+-]?\d+[.,]0+$/.test(text) ? String(Number(text.replace(',', '.'))) : text.normalize('NFC');

export function cellText(bytes: Buffer): string {
  const text = isUtf8(bytes, true) ? bytes.toString('utf8') : new TextDecoder('windows-1252').decode(bytes);
  const inside = /^\s*"(.*)"\s*$/s.exec(text)?.[1];
  return (inside === undefined ? text : inside.replaceAll('""', '"')).trim();
}
