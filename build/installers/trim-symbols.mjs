// Takes names out of shared libraries that nobody else asks for: TensorFlow exports some 446,000 functions for programs
// that are linked with it, by names of 185 characters each, a seventh of the library, and has the dynamic linker look
// each of its own up at every start. Here only its C interface is used, and what its two libraries ask of each other.
//
// Functions stay where they are. A name stays where another of the libraries asks for it or has one like it, where it
// is a plain C name, or where the C++ library of the system could have it: every search for these finds what it found
// before. The others become the library's own, as if it had been linked with their visibility hidden.
import { closeSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';

const SMALLEST_PAGE = 4096;
const LOAD = 1;
/** Kinds of program headers that a shared library can do without: notes for debuggers, and where the headers lie. */
const DISPENSABLE = [4, 6];
const SECTION = { dynamic: 6, symbols: 11, definitions: 0x6ffffffd, needs: 0x6ffffffe };
/** Entries of the dynamic table whose value is a place in the table of names: needed, own name, two search paths. */
const NAMED = new Set([1, 14, 15, 29]);
const SIZE_OF_NAMES = 10;

/**
 * Trims libraries that are loaded together, in place.
 * @param {string[]} libraries files that may be changed
 * @param {string[]} others files that ask names of them
 * @returns {number} bytes that they are smaller by
 */
export function trimSymbols(libraries, others) {
  const names = new Map([...libraries, ...others].map((file) => [file, new Set(allNames(readElf(file)))]));
  return libraries.reduce((sum, file) => {
    const elsewhere = [...names].filter(([other]) => other !== file).map(([, set]) => set);
    return sum + trim(file, (name) => isPublic(name) || elsewhere.some((set) => set.has(name)));
  }, 0);
}

/** `std::` and operators `new` and `delete`: one of each in a process, whoever brings it. */
const STANDARD = /^_Z(?:T[A-Z]|G[RV]|Z)*N?[rVK]*(?:S[absiodt]|9__gnu_cxx|n[wa]|d[la])/;
/** What is made of them for TensorFlow's own types is in no other library. */
const OWN_TYPES = /\d(?:tensorflow|tsl|xla|mlir|llvm|stream_executor|Eigen|tfrt|dnnl)/;

/** @param {string} name as the C++ compiler writes it */
export function isPublic(name) {
  if (!name.startsWith('_Z')) return true;
  return STANDARD.test(name) && !OWN_TYPES.test(name);
}

function readElf(file) {
  const bytes = readFileSync(file);
  if (bytes.toString('latin1', 0, 4) !== '\x7fELF' || bytes[4] !== 2 || bytes[5] !== 1)
    throw new Error(`${file} is no 64-bit ELF file.`);
  const [start, size, count] = [number(bytes, 40), bytes.readUInt16LE(58), bytes.readUInt16LE(60)];
  const sections = Array.from({ length: count }, (_, index) => {
    const at = start + index * size;
    return {
      at,
      type: bytes.readUInt32LE(at + 4),
      address: number(bytes, at + 16),
      offset: number(bytes, at + 24),
      size: number(bytes, at + 32),
      link: bytes.readUInt32LE(at + 40),
    };
  });
  const symbols = sections.find(({ type }) => type === SECTION.symbols);
  if (!symbols) throw new Error(`${file} has no table of symbols.`);
  return { file, bytes, sections, symbols, names: sections[symbols.link] };
}

/** Offsets and sizes of files stay far below what a number holds. */
const number = (bytes, at) => Number(bytes.readBigUInt64LE(at));

function nameAt({ bytes, names }, offset) {
  const from = names.offset + offset;
  return bytes.toString('latin1', from, bytes.indexOf(0, from));
}

const symbolName = (elf, index) => nameAt(elf, elf.bytes.readUInt32LE(elf.symbols.offset + index * 24));
const countOf = ({ size }) => size / 24;

/** All that a file exports or imports. */
function* allNames(elf) {
  for (let index = 0; index < countOf(elf.symbols); index += 1) yield symbolName(elf, index);
}

/** A table of names that grows by what it is asked to hold. */
function tableOfNames() {
  const places = new Map([['', 0]]);
  const parts = [Buffer.from([0])];
  let length = 1;
  return {
    place(name) {
      const known = places.get(name);
      if (known !== undefined) return known;
      const part = Buffer.from(`${name}\0`, 'latin1');
      places.set(name, length);
      parts.push(part);
      length += part.length;
      return places.get(name);
    },
    bytes: () => Buffer.concat(parts),
  };
}

function trim(file, isKept) {
  const elf = readElf(file);
  const { bytes, names } = elf;
  const table = tableOfNames();
  const rename = (at) => {
    const name = nameAt(elf, bytes.readUInt32LE(at));
    return () => bytes.writeUInt32LE(table.place(name), at);
  };
  // All are read before the first is written: the new table takes the old one's place.
  const changes = [...versionNames(elf), ...dynamicNames(elf)].map(rename);
  for (let index = 0; index < countOf(elf.symbols); index += 1) {
    const at = elf.symbols.offset + index * 24;
    const name = symbolName(elf, index);
    const imported = bytes.readUInt16LE(at + 6) === 0;
    if (imported || isKept(name)) changes.push(() => bytes.writeUInt32LE(table.place(name), at));
    else changes.push(() => makeOwn(bytes, at));
  }
  for (const change of changes) change();
  const kept = table.bytes();
  if (kept.length > names.size) return 0;
  kept.copy(bytes, names.offset);
  bytes.fill(0, names.offset + kept.length, names.offset + names.size);
  setSizeOfNames(elf, kept.length);
  return cutHole(elf, names.offset + kept.length, names.offset + names.size);
}

const HIDDEN = 2;

/** Without a name, local, hidden: what refers to it is bound to this library by its number alone. */
function makeOwn(bytes, at) {
  bytes.writeUInt32LE(0, at);
  bytes[at + 4] &= 0x0f;
  bytes[at + 5] = (bytes[at + 5] & ~3) | HIDDEN;
}

/** Where the tables of versions name files and versions: chains of entries, each with a chain of its own. */
function* versionNames({ bytes, sections }) {
  for (const { type, offset } of sections) {
    if (type !== SECTION.needs && type !== SECTION.definitions) continue;
    const needs = type === SECTION.needs;
    for (let entry = offset, next = 1; next !== 0; entry += next) {
      if (needs) yield entry + 4;
      let one = entry + bytes.readUInt32LE(entry + (needs ? 8 : 12));
      for (let left = bytes.readUInt16LE(entry + (needs ? 2 : 6)); left > 0; left -= 1) {
        yield one + (needs ? 8 : 0);
        one += bytes.readUInt32LE(one + (needs ? 12 : 4));
      }
      next = bytes.readUInt32LE(entry + (needs ? 12 : 16));
    }
  }
}

function* dynamicEntries({ bytes, sections }) {
  const { offset, size } = sections.find(({ type }) => type === SECTION.dynamic);
  for (let at = offset; at < offset + size; at += 16) yield { kind: number(bytes, at), at: at + 8 };
}

function* dynamicNames(elf) {
  for (const { kind, at } of dynamicEntries(elf)) if (NAMED.has(kind)) yield at;
}

function setSizeOfNames(elf, size) {
  for (const { kind, at } of dynamicEntries(elf))
    if (kind === SIZE_OF_NAMES) elf.bytes.writeBigUInt64LE(BigInt(size), at);
  elf.bytes.writeBigUInt64LE(BigInt(size), elf.names.at + 32);
}

/**
 * Takes whole pages out of the file, though not out of memory, where everything keeps its address: the part of the
 * file that held them is loaded as two, on both sides of the hole.
 */
function cutHole({ file, bytes, sections }, from, to) {
  const headers = readHeaders(bytes);
  const page = Math.max(
    ...headers.filter(({ type }) => type === LOAD).map(({ align }) => align),
    SMALLEST_PAGE,
  );
  const [first, last] = [Math.ceil(from / page) * page, Math.floor(to / page) * page];
  const hole = last - first;
  if (hole <= 0) return 0;
  const spare = headers.findIndex(({ type }) => DISPENSABLE.includes(type));
  const parted = headers.findIndex(
    ({ type, offset, size }) => type === LOAD && offset <= first && last <= offset + size,
  );
  if (spare < 0 || parted < 0) throw new Error(`${file} has no room for one more program header.`);
  const moved = headers.map((header) => ({
    ...header,
    offset: header.offset >= last ? header.offset - hole : header.offset,
  }));
  const whole = headers[parted];
  const low = { ...whole, size: first - whole.offset, memory: first - whole.offset };
  const rest = whole.offset + whole.size - last;
  const high = {
    ...whole,
    offset: last - hole,
    address: whole.address + last - whole.offset,
    size: rest,
    memory: rest,
  };
  moved.splice(parted, 1, low, high);
  moved.splice(spare < parted ? spare : spare + 1, 1);
  writeHeaders(bytes, moved);
  for (const { at, offset } of sections)
    if (offset >= last) bytes.writeBigUInt64LE(BigInt(offset - hole), at + 24);
  bytes.writeBigUInt64LE(BigInt(number(bytes, 40) - hole), 40);
  writeWithout(file, bytes, first, last);
  return hole;
}

function readHeaders(bytes) {
  const [start, count] = [number(bytes, 32), bytes.readUInt16LE(56)];
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * 56;
    return {
      type: bytes.readUInt32LE(at),
      flags: bytes.readUInt32LE(at + 4),
      offset: number(bytes, at + 8),
      address: number(bytes, at + 16),
      size: number(bytes, at + 32),
      memory: number(bytes, at + 40),
      align: number(bytes, at + 48),
    };
  });
}

function writeHeaders(bytes, headers) {
  const start = number(bytes, 32);
  headers.forEach(({ type, flags, offset, address, size, memory, align }, index) => {
    const at = start + index * 56;
    bytes.writeUInt32LE(type, at);
    bytes.writeUInt32LE(flags, at + 4);
    [offset, address, address, size, memory, align].forEach((value, place) =>
      bytes.writeBigUInt64LE(BigInt(value), at + 8 + place * 8),
    );
  });
}

/** Into another file first: whoever has the old one open keeps it. */
function writeWithout(file, bytes, first, last) {
  const work = `${file}.trimmed`;
  const out = openSync(work, 'w', statSync(file).mode);
  try {
    for (const [from, to] of [
      [0, first],
      [last, bytes.length],
    ])
      for (let at = from; at < to;) at += writeSync(out, bytes, at, to - at);
  } finally {
    closeSync(out);
  }
  renameSync(work, file);
}
