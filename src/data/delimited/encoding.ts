/** In which encoding a text is written: told from its first bytes, and turned into UTF-8. */

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export const ENCODING_TITLES: Record<Encoding, string> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16 (big endian)',
  'windows-1252': 'Windows-1252 (Western European)',
};

/**
 * UTF-16 has a mark, or a zero in every other byte; what is no UTF-8 is Windows-1252, the usual one of
 * spreadsheets.
 * @param complete The head is the whole file: a letter cut in two at its end is then a fault.
 * @returns null where the bytes are no text
 */
export function detectEncoding(head: Buffer, complete: boolean): Encoding | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head.includes(0)) return unmarkedWide(head);
  return isUtf8(head, complete) ? 'utf-8' : 'windows-1252';
}

function unmarkedWide(head: Buffer): Encoding | null {
  const pairs = Math.min(head.length >> 1, 2048);
  let even = 0;
  let odd = 0;
  for (let pair = 0; pair < pairs; pair += 1) {
    if (head[2 * pair] === 0) even += 1;
    if (head[2 * pair + 1] === 0) odd += 1;
  }
  if (odd > pairs * 0.8 && even === 0) return 'utf-16le';
  if (even > pairs * 0.8 && odd === 0) return 'utf-16be';
  return null;
}

export function isUtf8(bytes: Buffer, complete: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !complete });
    return true;
  } catch {
    return false;
  }
}

export function decodeText(bytes: Buffer, encoding: Encoding): string {
  // The decoder takes the mark away where it is one of this encoding.
  return new TextDecoder(encoding).decode(bytes);
}

export interface Transcoder {
  push(chunk: Buffer): Buffer;
  finish(): Buffer;
}

/** Chunks of any encoding to chunks of UTF-8; letters that two chunks share are put together. */
export function toUtf8(encoding: Encoding): Transcoder {
  if (encoding === 'utf-8') return { push: (chunk) => chunk, finish: () => Buffer.alloc(0) };
  const decoder = new TextDecoder(encoding);
  return {
    push: (chunk) => Buffer.from(decoder.decode(chunk, { stream: true })),
    finish: () => Buffer.from(decoder.decode()),
  };
}

const WORKBOOK = 'Save the sheet as CSV (in Excel: File, Save as, “CSV UTF-8”) and choose that file instead.';

/** What a file is that is no text, with the remedy; null where it may be text. */
export function describeForeign(head: Buffer): { what: string; remedy: string } | null {
  const starts = (...bytes: number[]) => bytes.every((byte, index) => head[index] === byte);
  if (starts(0x50, 0x4b, 3, 4)) {
    if (head.includes('xl/') || head.includes('[Content_Types].xml'))
      return { what: 'an Excel workbook (.xlsx)', remedy: WORKBOOK };
    if (head.includes('mimetypeapplication/vnd.oasis.opendocument'))
      return { what: 'an OpenDocument file (.ods)', remedy: WORKBOOK };
    return { what: 'a ZIP archive', remedy: 'Unpack it, and choose the file inside.' };
  }
  if (starts(0xd0, 0xcf, 0x11, 0xe0)) return { what: 'an Excel workbook (.xls)', remedy: WORKBOOK };
  if (starts(0x25, 0x50, 0x44, 0x46))
    return { what: 'a PDF document', remedy: 'Choose the table itself, saved as CSV.' };
  if (starts(0x50, 0x41, 0x52, 0x31)) return { what: 'a Parquet file', remedy: 'Save the table as CSV.' };
  if (/^\s*<(!doctype|html|\?xml)/i.test(head.toString('latin1', 0, 200)))
    return { what: 'a web page or XML', remedy: 'Download the file itself, not the page that shows it.' };
  return null;
}
