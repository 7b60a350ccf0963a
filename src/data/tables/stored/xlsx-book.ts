/** An Excel workbook (.xlsx, ISO/IEC 29500): its sheets, texts and ways of writing numbers, read by parts. */
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { FileProblem } from '../../problem.ts';
import type { ByteSource } from '../../recordings/bytes.ts';
import { broken } from '../../recordings/problem.ts';
import { openZip, type Zip } from '../../recordings/zip.ts';

export interface Sheet {
  name: string;
  /** Of its part in the zip. */
  part: string;
}

export interface Workbook {
  /** Those that a person sees, in their order. */
  sheets: Sheet[];
  /** Texts that cells share, by their number. */
  texts: string[];
  /** By the number of a style: whether its numbers are dates or times. */
  isDate: boolean[];
  /** Days count from 1904, as on old Macs. */
  from1904: boolean;
  part(name: string): Promise<ByteSource>;
  close(): Promise<void>;
}

const CHUNK_BYTES = 1024 * 1024;
/** Texts are kept in memory while rows are read. */
const MOST_TEXT_BYTES = 512 * 1024 * 1024;

export interface XmlWatch {
  open?(name: string, attributes: Record<string, string>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Tells of a part's elements, by their names without a prefix, a stretch of the part at a time. */
export async function* xmlOf(source: ByteSource, watch: XmlWatch): AsyncGenerator<void> {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const plain = (name: string) => name.slice(name.indexOf(':') + 1);
  parser.on('error', (error) => {
    throw broken(`A part of the workbook is damaged (${error.message.slice(0, 120)}). Save it again.`);
  });
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => watch.open?.(plain(name), attributes));
  if (watch.text) parser.on('text', watch.text);
  if (watch.close) parser.on('closetag', ({ name }) => watch.close!(plain(name)));
  const decoder = new TextDecoder('utf-8');
  for (let at = 0; at < source.size; at += CHUNK_BYTES) {
    const bytes = await source.read(at, Math.min(CHUNK_BYTES, source.size - at));
    parser.write(decoder.decode(bytes, { stream: true }));
    yield;
  }
  parser.write(decoder.decode());
  parser.close();
  yield;
}

async function watchAll(source: ByteSource, watch: XmlWatch): Promise<void> {
  for await (const _ of xmlOf(source, watch));
}

/** @throws FileProblem */
export async function openWorkbook(source: ByteSource): Promise<Workbook> {
  const zip = await openZip(source).catch(async (error: unknown) => {
    await source.close();
    throw error;
  });
  try {
    const book = await sheetsOf(zip);
    return {
      ...book,
      texts: await textsOf(zip),
      isDate: await stylesOf(zip),
      part: (name) => partOf(zip, name),
      close: zip.close,
    };
  } catch (error) {
    await zip.close();
    throw error;
  }
}

const hasPart = (zip: Zip, name: string): boolean => zip.entries.some((entry) => entry.name === name);

async function partOf(zip: Zip, name: string): Promise<ByteSource> {
  const entry = zip.entries.find((one) => one.name === name);
  if (entry) return entry.open();
  throw new FileProblem(
    'unsupported',
    `The file is no workbook of Excel (.xlsx): it has no part “${name}”. Save it as .xlsx or .csv.`,
  );
}

async function sheetsOf(zip: Zip): Promise<Pick<Workbook, 'sheets' | 'from1904'>> {
  const parts = new Map<string, string>();
  await watchAll(await partOf(zip, 'xl/_rels/workbook.xml.rels'), {
    open(name, { Id = '', Target = '' }) {
      if (name === 'Relationship') parts.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`);
    },
  });
  const sheets: Sheet[] = [];
  let from1904 = false;
  await watchAll(await partOf(zip, 'xl/workbook.xml'), {
    open(name, attributes) {
      if (name === 'workbookPr') from1904 = /^(1|true)$/.test(attributes['date1904'] ?? '');
      if (name !== 'sheet' || (attributes['state'] ?? 'visible') !== 'visible') return;
      const id = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? '';
      const part = parts.get(id);
      // Sheets that hold a chart alone have no cells.
      if (part !== undefined && hasPart(zip, part) && part.includes('worksheets/'))
        sheets.push({ name: attributes['name'] ?? '', part });
    },
  });
  if (sheets.length === 0) throw new FileProblem('empty', 'The workbook has no sheet of cells.');
  return { sheets, from1904 };
}

async function textsOf(zip: Zip): Promise<string[]> {
  const name = 'xl/sharedStrings.xml';
  if (!hasPart(zip, name)) return [];
  const source = await partOf(zip, name);
  if (source.size > MOST_TEXT_BYTES)
    throw new FileProblem('too-large', 'The texts of the workbook need too much memory. Save it as .csv.');
  const texts: string[] = [];
  let text = '';
  let isText = false;
  let isSpoken = false;
  await watchAll(source, {
    open(tag) {
      if (tag === 'si') text = '';
      // How Japanese texts are spoken stands beside them.
      if (tag === 'rPh') isSpoken = true;
      isText = tag === 't' && !isSpoken;
    },
    text(part) {
      if (isText) text += part;
    },
    close(tag) {
      if (tag === 't') isText = false;
      if (tag === 'rPh') isSpoken = false;
      if (tag === 'si') texts.push(text.trim());
    },
  });
  return texts;
}

/** Ids of Excel's own formats of dates and times of day; 45 to 47 are durations. */
const DATE_FORMATS = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 30, 36, 50, 57]);

async function stylesOf(zip: Zip): Promise<boolean[]> {
  const name = 'xl/styles.xml';
  if (!hasPart(zip, name)) return [];
  const formats = new Map<number, boolean>();
  const isDate: boolean[] = [];
  let inCells = false;
  await watchAll(await partOf(zip, name), {
    open(tag, attributes) {
      if (tag === 'numFmt')
        formats.set(Number(attributes['numFmtId']), isDateFormat(attributes['formatCode'] ?? ''));
      if (tag === 'cellXfs') inCells = true;
      if (tag !== 'xf' || !inCells) return;
      const id = Number(attributes['numFmtId'] ?? 0);
      isDate.push(formats.get(id) ?? DATE_FORMATS.has(id));
    },
    close(tag) {
      if (tag === 'cellXfs') inCells = false;
    },
  });
  return isDate;
}

/**
 * A format with a letter of days, years, hours or seconds outside of quotes and brackets. What counts on beyond a day
 * (“[h]:mm”) is a duration: a number of days.
 */
export function isDateFormat(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\\.|_./g, '');
  if (/\[(h+|m+|s+)\]/i.test(bare)) return false;
  return /[dyhs]/i.test(bare.replace(/\[[^\]]*\]/g, '').replace(/general/gi, ''));
}
