/** MATLAB files of version 5 (to 7.2): named arrays, packed or not. MathWorks, “MAT-File Format”, 2023. */
import type { ByteSource } from '../bytes.ts';
import { bytesOf, decodeNumbers, type NumberType } from '../numbers.ts';
import { FileProblem } from '../../problem.ts';
import { broken, unsupported } from '../problem.ts';
import { stridesOf, type NumberArray } from '../strided.ts';
import { unpackAll, unpackStart } from '../unpack.ts';

/** A value of a variable; arrays of numbers stay in the file until they are asked for. */
export type MatValue =
  | { kind: 'numbers'; array: NumberArray }
  | { kind: 'text'; codes: NumberArray; rowCount: number }
  | { kind: 'cells'; dims: number[]; cells: MatValue[] }
  | { kind: 'struct'; dims: number[]; elements: Map<string, MatValue>[] }
  | { kind: 'other'; what: string };

export interface MatVariable {
  name: string;
  dims: number[];
  /** What it holds, read only when it is asked for. */
  load(): Promise<MatValue>;
}

export interface MatFile {
  variables: MatVariable[];
  close(): Promise<void>;
}

const HEADER_BYTES = 128;
const MATRIX = 14;
const COMPRESSED = 15;
/** Cells and fields deeper or more than these are no recording. */
const DEEPEST = 16;
const MOST_CELLS = 200_000;
const MOST_DIMS = 32;

const ELEMENTS: Record<number, NumberType> = {
  1: 'int8',
  2: 'uint8',
  3: 'int16',
  4: 'uint16',
  5: 'int32',
  6: 'uint32',
  7: 'float32',
  9: 'float64',
  12: 'int64',
  13: 'uint64',
  16: 'uint8',
  17: 'uint16',
  18: 'uint32',
};
const CLASSES = { cell: 1, struct: 2, object: 3, char: 4, sparse: 5, highest: 15 };
export const looksLikeMat5 = (head: Uint8Array): boolean =>
  head.length >= HEADER_BYTES &&
  ((head[126] === 0x49 && head[127] === 0x4d && head[125] === 1) ||
    (head[126] === 0x4d && head[127] === 0x49 && head[124] === 1));

export async function openMat5(source: ByteSource): Promise<MatFile> {
  if (source.size < HEADER_BYTES)
    throw broken(`The file is cut off in its header: ${source.size} of ${HEADER_BYTES} bytes are there.`);
  const header = await source.read(0, HEADER_BYTES);
  if (!looksLikeMat5(header))
    throw new FileProblem('wrong-magic', 'The file does not begin as MATLAB’s of version 5 do.');
  const isLittle = header[126] === 0x49;
  const opened: ByteSource[] = [];
  const variables: MatVariable[] = [];
  for (let at = HEADER_BYTES; at + 8 <= source.size;) {
    const tag = await readTag({ source, isLittle, opened }, at);
    if (tag.next > source.size)
      throw broken(
        `The file is cut off in its ${variables.length + 1}. variable. Copy it again from its source.`,
      );
    const variable = await readVariable({ source, isLittle, opened }, tag);
    if (variable) variables.push(variable);
    at = tag.next;
  }
  return {
    variables,
    async close() {
      for (const unpacked of opened) await unpacked.close();
      await source.close();
    },
  };
}

interface Place {
  source: ByteSource;
  isLittle: boolean;
  /** What was unpacked and has to be closed. */
  opened: ByteSource[];
}

interface Tag {
  type: number;
  position: number;
  bytes: number;
  /** Where the next element begins. */
  next: number;
}

async function readTag({ source, isLittle }: Place, at: number): Promise<Tag> {
  const bytes = await source.read(at, 8);
  const word = (place: number) => (isLittle ? bytes.readUInt32LE(place) : bytes.readUInt32BE(place));
  const small = word(0) >>> 16;
  if (small > 0) {
    if (small > 4) throw broken('A small element of the file holds more than four bytes.');
    return { type: word(0) & 0xffff, position: at + 4, bytes: small, next: at + 8 };
  }
  const [type, size] = [word(0), word(4)];
  const padding = type === COMPRESSED ? 0 : (8 - (size % 8)) % 8;
  return { type, position: at + 8, bytes: size, next: at + 8 + size + padding };
}

async function readVariable(place: Place, tag: Tag): Promise<MatVariable | null> {
  if (tag.type === MATRIX) {
    const { name, dims, flags } = await readMatrixHead(place, tag);
    if (flags === CLASSES.object) return null;
    return { name, dims, load: () => readMatrix(place, tag, 0) };
  }
  // Other elements at the top are not variables.
  if (tag.type !== COMPRESSED) return null;
  const packed = { source: place.source, position: tag.position, length: tag.bytes, method: 'zlib' as const };
  const start = await unpackStart(packed, 4096);
  const inside = { ...place, source: headOnly(start) };
  const inner = await readTag(inside, 0);
  if (inner.type !== MATRIX) return null;
  const { name, dims } = await readMatrixHead(inside, inner);
  let unpacked: Promise<ByteSource> | null = null;
  return {
    name,
    dims,
    async load() {
      unpacked ??= unpackAll(packed, inner.position + inner.bytes).then((source) => {
        place.opened.push(source);
        return source;
      });
      return readMatrix({ ...place, source: await unpacked }, inner, 0);
    },
  };
}

/** The beginning of what is packed: of an array larger than it, only the head can be read. */
const headOnly = (start: Buffer): ByteSource => ({
  size: start.length,
  read(position, length) {
    if (position + length > start.length)
      return Promise.reject(broken('The head of a variable is too long.'));
    const buffer = Buffer.from(new ArrayBuffer(length));
    start.copy(buffer, 0, position, position + length);
    return Promise.resolve(buffer);
  },
  close: () => Promise.resolve(),
});

interface MatrixHead {
  name: string;
  dims: number[];
  flags: number;
  isComplex: boolean;
  /** Where what it holds begins. */
  content: number;
}

async function readMatrixHead(place: Place, { position, bytes }: Tag): Promise<MatrixHead> {
  if (bytes === 0) return { name: '', dims: [0, 0], flags: 6, isComplex: false, content: position };
  const flagsTag = await readTag(place, position);
  if (flagsTag.type !== 6 || flagsTag.bytes !== 8)
    throw broken('An array of the file does not say what it is.');
  const flags = await place.source.read(flagsTag.position, 8);
  const word = place.isLittle ? flags.readUInt32LE(0) : flags.readUInt32BE(0);
  const dimsTag = await readTag(place, flagsTag.next);
  if (dimsTag.type !== 5 || dimsTag.bytes % 4 !== 0 || dimsTag.bytes > 4 * MOST_DIMS)
    throw broken('An array of the file does not say how large it is.');
  const stored = await place.source.read(dimsTag.position, dimsTag.bytes);
  const dims = Array.from(decodeNumbers(stored, 'int32', place.isLittle));
  if (dims.some((size) => size < 0)) throw broken('An array of the file has a size below zero.');
  const nameTag = await readTag(place, dimsTag.next);
  if (nameTag.bytes > 4096) throw broken('The name of an array is too long.');
  const name = (await place.source.read(nameTag.position, nameTag.bytes)).toString('latin1');
  return { name, dims, flags: word & 0xff, isComplex: (word & 0x800) !== 0, content: nameTag.next };
}

async function readMatrix(place: Place, tag: Tag, depth: number): Promise<MatValue> {
  if (depth > DEEPEST) throw broken('The variables lie in each other without an end.');
  if (tag.type !== MATRIX) throw broken('The file holds something else where an array has to be.');
  const head = await readMatrixHead(place, tag);
  const { dims, flags, content } = head;
  const count = dims.reduce((product, size) => product * size, 1);
  if (flags === CLASSES.cell) return readCells(place, tag, dims, count, content, depth);
  if (flags === CLASSES.struct) return readStruct(place, tag, dims, count, content, depth);
  if (flags === CLASSES.sparse) return { kind: 'other', what: 'a sparse matrix' };
  if (flags === CLASSES.object || flags > CLASSES.highest || flags === 0)
    return { kind: 'other', what: 'an object of a class' };
  if (head.isComplex) return { kind: 'other', what: 'complex numbers' };
  if (tag.bytes === 0 || count === 0) return valueOf(flags, dims, emptyArray(place, dims));
  const data = await readTag(place, content);
  const type = ELEMENTS[data.type];
  if (!type) throw unsupported(`The numbers of an array are of type ${data.type}, which is not known.`);
  if (data.bytes !== count * bytesOf(type) && flags !== CLASSES.char)
    throw broken(`An array of ${dims.join(' × ')} numbers has ${data.bytes} bytes.`);
  if (data.position + data.bytes > tag.position + tag.bytes)
    throw broken('An array is longer than its variable.');
  const size = flags === CLASSES.char ? [Math.floor(data.bytes / bytesOf(type))] : dims;
  return valueOf(flags, dims, {
    type,
    isLittleEndian: place.isLittle,
    dims: size,
    strides: stridesOf(size, true),
    source: place.source,
    offset: data.position,
  });
}

const valueOf = (flags: number, dims: number[], array: NumberArray): MatValue =>
  flags === CLASSES.char
    ? { kind: 'text', codes: array, rowCount: dims[0] ?? 1 }
    : { kind: 'numbers', array };

const emptyArray = ({ source, isLittle }: Place, dims: number[]): NumberArray => ({
  type: 'float64',
  isLittleEndian: isLittle,
  dims,
  strides: stridesOf(dims, true),
  source,
  offset: 0,
});

async function readCells(
  place: Place,
  tag: Tag,
  dims: number[],
  count: number,
  content: number,
  depth: number,
): Promise<MatValue> {
  if (count > MOST_CELLS) throw unsupported(`A cell array of ${count} cells is not read.`);
  const cells: MatValue[] = [];
  let at = content;
  for (let cell = 0; cell < count; cell += 1) {
    const inner = await tagWithin(place, at, tag);
    cells.push(await readMatrix(place, inner, depth + 1));
    at = inner.next;
  }
  return { kind: 'cells', dims, cells };
}

async function readStruct(
  place: Place,
  tag: Tag,
  dims: number[],
  count: number,
  content: number,
  depth: number,
): Promise<MatValue> {
  const widthTag = await readTag(place, content);
  const width = decodeNumbers(await place.source.read(widthTag.position, 4), 'int32', place.isLittle)[0]!;
  const namesTag = await readTag(place, widthTag.next);
  if (width < 1 || namesTag.bytes > 1024 * 1024)
    throw broken('The names of a structure’s fields are unreadable.');
  const bytes = await place.source.read(namesTag.position, namesTag.bytes);
  const names = Array.from({ length: Math.floor(namesTag.bytes / width) }, (_, index) => {
    const [name = ''] = bytes.toString('latin1', index * width, (index + 1) * width).split('\0');
    return name;
  });
  if (count * names.length > MOST_CELLS)
    throw unsupported(`A structure of ${count * names.length} fields is not read.`);
  const elements: Map<string, MatValue>[] = [];
  let at = namesTag.next;
  for (let element = 0; element < count; element += 1) {
    const fields = new Map<string, MatValue>();
    for (const name of names) {
      const inner = await tagWithin(place, at, tag);
      fields.set(name, await readMatrix(place, inner, depth + 1));
      at = inner.next;
    }
    elements.push(fields);
  }
  return { kind: 'struct', dims, elements };
}

async function tagWithin(place: Place, at: number, outer: Tag): Promise<Tag> {
  if (at + 8 > outer.position + outer.bytes) throw broken('A cell or a field of a variable is missing.');
  const inner = await readTag(place, at);
  if (inner.position + inner.bytes > outer.position + outer.bytes)
    throw broken('A cell or a field is longer than the variable that it lies in.');
  return inner;
}
