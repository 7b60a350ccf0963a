/**
 * The pages of a SQLite file, read without SQLite: for a file whose description of its tables is damaged.
 *
 * Only what the file format fixes is used (https://www.sqlite.org/fileformat2.html): kinds of pages, cells, records.
 */
const TABLE_LEAF = 0x0d;
const INDEX_LEAF = 0x0a;
const TABLE_BRANCH = 0x05;
const INDEX_BRANCH = 0x02;
const FILE_HEADER = 100;
const WAL_HEADER = 32;
const FRAME_HEADER = 24;

export const MAGIC = 'SQLite format 3\0';

/** A value as far as its record's header tells; a text or number where it was asked for. */
export type Kind = 'null' | 'integer' | 'real' | 'text' | 'blob';

export interface Page {
  number: number;
  /** Of a table by row number, or of one by its key (an index, or a table without row numbers). */
  by: 'rowid' | 'key';
  isLeaf: boolean;
  /** Pages below it. */
  children: number[];
  /** Where its cells' records begin; of branches of a table by row number there are none. */
  records: number[];
}

export interface Pages {
  bytes: Buffer;
  size: number;
  /** Those that hold tables or indices, by number. */
  pages: ReadonlyMap<number, Page>;
  /** Those that hold nothing any more, whatever stands in them. */
  free: ReadonlySet<number>;
}

/** @param log what stands in the write-ahead log beside the file: whole changes of it count */
export function readPages(file: Buffer, log: Buffer | null): Pages {
  const size = pageSize(file);
  const bytes = log ? withLog(file, log, size) : file;
  const count = Math.floor(bytes.length / size);
  const pages = new Map<number, Page>();
  for (let number = 1; number <= count; number++) {
    const page = readPage(bytes, size, number, count);
    if (page) pages.set(number, page);
  }
  return { bytes, size, pages, free: freePages(bytes, size, count) };
}

/** The kinds of a record's values; null where there is no record. */
export function kindsOf({ bytes }: Pages, at: number): Kind[] | null {
  return recordAt(bytes, at)?.types.map(kindOf) ?? null;
}

/** A record's first values that stand in the page itself: texts and whole numbers; null for others. */
export function valuesOf({ bytes }: Pages, at: number, count: number): (string | number | null)[] {
  const record = recordAt(bytes, at);
  if (!record) return [];
  let place = record.body;
  return record.types.slice(0, count).map((type) => {
    const length = lengthOf(type);
    const start = place;
    place += length;
    if (place > bytes.length) return null;
    if (kindOf(type) === 'text') return bytes.toString('utf8', start, place);
    if (type === 8 || type === 9) return type - 8;
    return kindOf(type) === 'integer' ? Number(bytes.readIntBE(start, Math.min(6, length))) : null;
  });
}

function pageSize(file: Buffer): number {
  const said = file.length >= FILE_HEADER ? file.readUInt16BE(16) : 0;
  const size = said === 1 ? 65_536 : said;
  const isPossible = size >= 512 && (size & (size - 1)) === 0;
  return isPossible && hasHeader(file) ? size : 4096;
}

export const hasHeader = (file: Buffer) => file.toString('latin1', 0, MAGIC.length) === MAGIC;

function readPage(bytes: Buffer, size: number, number: number, count: number): Page | null {
  const start = (number - 1) * size;
  const header = number === 1 ? start + FILE_HEADER : start;
  const type = bytes[header]!;
  if (![TABLE_LEAF, INDEX_LEAF, TABLE_BRANCH, INDEX_BRANCH].includes(type)) return null;
  const isLeaf = type === TABLE_LEAF || type === INDEX_LEAF;
  const cells = bytes.readUInt16BE(header + 3);
  const pointers = header + (isLeaf ? 8 : 12);
  if (pointers + 2 * cells > start + size) return null;
  const places = Array.from({ length: cells }, (_, cell) => start + bytes.readUInt16BE(pointers + 2 * cell));
  if (places.some((place) => place < pointers + 2 * cells || place >= start + size - 3)) return null;
  const children = isLeaf
    ? []
    : [...places.map((place) => bytes.readUInt32BE(place)), bytes.readUInt32BE(header + 8)];
  if (children.some((child) => child < 2 || child > count)) return null;
  const by = type === TABLE_LEAF || type === TABLE_BRANCH ? 'rowid' : 'key';
  const records = places.flatMap((place) => recordIn(bytes, place, type) ?? []);
  return { number, by, isLeaf, children, records };
}

/** Where the record of a cell begins: behind the number of its bytes, and that of its row. */
function recordIn(bytes: Buffer, place: number, type: number): number | null {
  if (type === TABLE_BRANCH) return null;
  const afterChild = type === INDEX_BRANCH ? place + 4 : place;
  const payload = varint(bytes, afterChild);
  return type === TABLE_LEAF ? varint(bytes, payload.next).next : payload.next;
}

function recordAt(bytes: Buffer, at: number): { types: number[]; body: number } | null {
  const header = varint(bytes, at);
  const body = at + header.value;
  if (header.value < 1 || body > bytes.length || header.value > 512) return null;
  const types: number[] = [];
  for (let place = header.next; place < body;) {
    const type = varint(bytes, place);
    if (type.next > body || type.value === 10 || type.value === 11) return null;
    types.push(type.value);
    place = type.next;
  }
  return { types, body };
}

function kindOf(type: number): Kind {
  if (type === 0) return 'null';
  if (type === 7) return 'real';
  if (type < 10) return 'integer';
  return type % 2 === 0 ? 'blob' : 'text';
}

function lengthOf(type: number): number {
  if (type >= 12) return (type - (type % 2 === 0 ? 12 : 13)) / 2;
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type]!;
}

/** Numbers of one to nine bytes, of which those that fit are exact. */
function varint(bytes: Buffer, at: number): { value: number; next: number } {
  let value = 0;
  for (let index = 0; index < 8; index++) {
    const byte = bytes[at + index] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, next: at + index + 1 };
  }
  return { value: value * 256 + (bytes[at + 8] ?? 0), next: at + 9 };
}

/** Unknown where the header is damaged: then none is. */
function freePages(bytes: Buffer, size: number, count: number): Set<number> {
  const free = new Set<number>();
  if (!hasHeader(bytes)) return free;
  let trunk = bytes.readUInt32BE(32);
  while (trunk >= 2 && trunk <= count && !free.has(trunk)) {
    free.add(trunk);
    const start = (trunk - 1) * size;
    const leaves = Math.min(bytes.readUInt32BE(start + 4), size / 4 - 2);
    for (let leaf = 0; leaf < leaves; leaf++) free.add(bytes.readUInt32BE(start + 8 + 4 * leaf));
    trunk = bytes.readUInt32BE(start);
  }
  return free;
}

/** The file with all whole changes of its log in place. */
function withLog(file: Buffer, log: Buffer, size: number): Buffer {
  if (log.length < WAL_HEADER) return file;
  const magic = log.readUInt32BE(0);
  if (magic >>> 1 !== 0x377f0682 >>> 1 || log.readUInt32BE(8) !== size) return file;
  const sum = checksums(log, magic & 1 ? 'BE' : 'LE');
  let check = sum(0, 24, [0, 0]);
  let waiting = new Map<number, number>();
  const whole = new Map<number, number>();
  let pages = Math.floor(file.length / size);
  for (let at = WAL_HEADER; at + FRAME_HEADER + size <= log.length; at += FRAME_HEADER + size) {
    if (log.compare(log, 16, 24, at + 8, at + 16) !== 0) break;
    check = sum(at + FRAME_HEADER, size, sum(at, 8, check));
    if (check[0] !== log.readUInt32BE(at + 16) || check[1] !== log.readUInt32BE(at + 20)) break;
    waiting.set(log.readUInt32BE(at), at + FRAME_HEADER);
    const pagesAfter = log.readUInt32BE(at + 4);
    if (pagesAfter === 0) continue;
    for (const [page, place] of waiting) whole.set(page, place);
    waiting = new Map();
    pages = pagesAfter;
  }
  const result = Buffer.alloc(pages * size);
  file.copy(result, 0, 0, Math.min(file.length, result.length));
  for (const [page, place] of whole)
    if (page <= pages) log.copy(result, (page - 1) * size, place, place + size);
  return result;
}

type Sum = [number, number];

function checksums(log: Buffer, order: 'BE' | 'LE') {
  const read = (at: number) => (order === 'BE' ? log.readUInt32BE(at) : log.readUInt32LE(at));
  return (start: number, length: number, [first, second]: Sum): Sum => {
    let [one, two] = [first, second];
    for (let at = start; at < start + length; at += 8) {
      one = (one + read(at) + two) >>> 0;
      two = (two + read(at + 4) + one) >>> 0;
    }
    return [one, two];
  };
}
