/** Images in class folders, in split and class folders, or in one folder with a file of labels. */
import { open, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseTargetNumber } from '../reading/annotations.ts';
import { describeFileError, nothingLeft } from '../reading/issues.ts';
import { readHeader } from '../images/decode.ts';
import { createDecoding, type DecodedImage, type ImageToDecode } from '../images/decoding.ts';
import { describeOther, kindOfContent, kindOfName, type ImageHeader } from '../images/file-kind.ts';
import { storedSize, type StoredShape } from '../images/stored-size.ts';
import { ImageProblem } from '../images/problem.ts';
import { mapInOrder } from '../images/ordered.ts';
import { createImageSink } from '../images/sink.ts';
import { inspectImageFolder } from '../images/inspect-folder.ts';
import { isSampleByName } from '../images/sample-files.ts';
import { ACCOMPANYING, type ListedFile } from '../reading/listing.ts';
import { createPacer } from '../breathe.ts';
import { planPlaces, tellPlan, type PlacedFile, type Placing } from '../reading/placed.ts';
import { SampleTable } from '../reading/sample-table.ts';
import type { Reader, ReadRequest, ReadResult } from '../reading/types.ts';

interface Candidate extends PlacedFile {
  header: ImageHeader;
  /** Kept from the first pass while memory for it lasts. */
  bytes: Buffer | null;
}

const KEPT_BYTES = 128 * 1024 * 1024;
const inFlight = (): number => 2 * availableParallelism() + 2;

export const imageFolder: Reader = {
  id: 'image-folder',
  title: 'Image files',
  async recognise(listing) {
    const images = listing.files.filter((file) => kindOfName(file.path) !== null).length;
    if (images === 0) return 0;
    return images / listing.files.length > 0.5 ? 0.9 : 0.5;
  },
  inspect: inspectImageFolder,
  async read(request): Promise<ReadResult> {
    const { listing, options, writer, issues, progress, signal } = request;
    const placing = await planPlaces(listing, listing.files.filter(isSampleByName), options, issues);
    tellPlan(placing, listing, issues);
    const candidates = await readHeaders(request, placing);
    if (candidates.length === 0) throw nothingLeft(listing.path, 'images', issues.all);

    const size = storedSize(
      candidates.map((candidate) => candidate.header),
      options.images.size,
    );
    const allGrey = candidates.every((candidate) => candidate.header.grey);
    const channels = options.images.color === 'grey' || (options.images.color === 'auto' && allGrey) ? 1 : 3;
    const stored: StoredShape = { ...size, channels };
    noteResizing(request, candidates, stored);

    const table = new SampleTable();
    const sink = createImageSink(writer, table, issues, channels);
    const pace = createPacer();
    const store = async (candidate: Candidate, image: DecodedImage) => {
      const { file, place, columns, label } = candidate;
      if (image.pixels === null) {
        issues.leaveOut(file.path, image.problem.reason, image.problem.message);
        return;
      }
      const isNumber = options.target === 'number';
      const sample = {
        file: table.addFile({
          path: file.path,
          folderSplit: place.split,
          folderGroup: place.group,
          columns,
        }),
        row: -1,
        label: isNumber ? -1 : table.labelId(label),
        number: isNumber ? parseTargetNumber(label, file.path, issues) : NaN,
      };
      const added = await sink.add(image.pixels, sample, image.digest);
      if (added) noteOddities(request, candidate);
    };
    progress.phase('Decoding images', candidates.length);
    const decoding = createDecoding(candidates.length, stored, signal);
    try {
      const batches = Array.from({ length: Math.ceil(candidates.length / decoding.batch) }, (_, at) =>
        candidates.slice(at * decoding.batch, (at + 1) * decoding.batch),
      );
      const decoded = mapInOrder(batches, decoding.inFlight, async (batch) => ({
        batch,
        images: await decoding.decode(batch.map(takeFile)),
      }));
      for await (const { batch, images } of decoded) {
        signal.throwIfAborted();
        for (const [at, image] of images.entries()) await store(batch[at]!, image);
        progress.advance(batch.length);
        await pace();
      }
    } finally {
      await decoding.close();
    }
    const finalChannels = await sink.finish(options.images.color === 'auto');
    return {
      modality: 'image',
      shape: [stored.height, stored.width, finalChannels],
      dtype: 'uint8',
      table,
      recordings: false,
    };
  },
};

/** The first pass: which files are images, their sizes and colors. Held-out files first, so that they stay
 * when a training file holds the same picture. */
async function readHeaders(request: ReadRequest, placing: Placing): Promise<Candidate[]> {
  const { listing, issues, progress, signal } = request;
  const files = listing.files.filter(
    (file) =>
      !placing.isLabelFile(file) &&
      !placing.plan.place(file.path).leftOut &&
      (kindOfName(file.path) !== null || !ACCOMPANYING.test(lastPart(file.path))),
  );
  const splitOf = new Map(files.map((file) => [file, Math.max(0, placing.plan.place(file.path).split)]));
  files.sort((first, second) => splitOf.get(second)! - splitOf.get(first)!);
  progress.phase('Reading image headers', files.length);
  const candidates: Candidate[] = [];
  let kept = 0;
  const headers = mapInOrder(files, inFlight(), async (file) => ({ file, found: await readCandidate(file) }));
  for await (const { file, found } of headers) {
    signal.throwIfAborted();
    progress.advance();
    if ('reason' in found) {
      issues.leaveOut(file.path, found.reason, found.message);
      continue;
    }
    const placed = placing.placeOf(file);
    if (!placed) continue;
    const keep = kept + found.bytes.length <= KEPT_BYTES;
    if (keep) kept += found.bytes.length;
    candidates.push({
      ...placed,
      header: found.header,
      bytes: keep ? found.bytes : null,
    });
  }
  return candidates;
}

type Problem = { reason: string; message: string };

async function readCandidate(file: ListedFile): Promise<{ header: ImageHeader; bytes: Buffer } | Problem> {
  try {
    // A file that is not named like an image may be anything, of any size: its first bytes come first.
    if (kindOfName(file.path) === null && kindOfContent(await readStart(file.absolute)) === null) {
      const other = describeOther(await readStart(file.absolute));
      return { reason: 'not-an-image', message: `This is not an image but ${other}. It is not needed here.` };
    }
    const bytes = await readFile(file.absolute);
    if (bytes.length === 0) {
      return { reason: 'empty', message: 'The file is empty (0 bytes). Copy it again from its source.' };
    }
    const kind = kindOfContent(bytes);
    if (kind === null) {
      return {
        reason: 'not-an-image',
        message: `The name says image, but the content is ${describeOther(bytes)}. Save it as PNG or JPEG, or remove it.`,
      };
    }
    return { header: await readHeader(bytes, kind), bytes };
  } catch (error) {
    if (error instanceof ImageProblem) return { reason: error.reason, message: error.message };
    return describeFileError(error, file.path);
  }
}

async function readStart(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const start = Buffer.alloc(512);
    const { bytesRead } = await handle.read(start, 0, 512, 0);
    return start.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** What a thread needs of a candidate, which keeps its bytes no longer. */
function takeFile(candidate: Candidate): ImageToDecode {
  const { file, header, bytes } = candidate;
  candidate.bytes = null;
  return { path: file.path, absolute: file.absolute, header, bytes };
}

function noteOddities({ issues }: ReadRequest, { file, header }: Candidate): void {
  const named = kindOfName(file.path);
  if (named !== header.kind) {
    const name = named === null ? 'has no image extension' : `says ${named.toUpperCase()}`;
    issues.note(
      file.path,
      'wrong-extension',
      `Imported: the name ${name}, the content is ${header.kind.toUpperCase()}.`,
    );
  }
  if (header.frames > 1) {
    issues.note(
      file.path,
      'several-frames',
      `Imported: the first of ${header.frames} frames or pages is taken.`,
    );
  }
  if (header.cmyk)
    issues.note(file.path, 'cmyk', 'Imported: printing colors (CMYK) are converted to red, green and blue.');
  if (header.bits === 16) issues.note(file.path, '16-bit', 'Imported: 16-bit values are stored with 8 bits.');
  // GIF always tells of transparency, used or not.
  if (header.alpha && header.kind !== 'gif')
    issues.note(file.path, 'transparency', 'Imported: transparent parts are put on white.');
}

function noteResizing({ listing, issues }: ReadRequest, candidates: Candidate[], stored: StoredShape): void {
  const differing = candidates.filter(
    ({ header }) => header.width !== stored.width || header.height !== stored.height,
  );
  if (differing.length === 0) return;
  const cut = differing.filter(
    ({ header }) => Math.abs(header.width / header.height - stored.width / stored.height) > 0.02,
  ).length;
  issues.note(
    lastPart(listing.path),
    'resized',
    `${differing.length} of ${candidates.length} images are resized to ${stored.width} × ${stored.height} pixels${cut ? `; ${cut} of them have another shape and are cut to it around their centre` : ''}.`,
  );
}

const lastPart = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
