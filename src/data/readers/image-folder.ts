/** Images in class folders, in split and class folders, or in one folder with a file of labels. */
import { parseTargetNumber } from '../reading/annotations.ts';
import { nothingLeft } from '../reading/issues.ts';
import { createDecoding, type DecodedImage, type Decoding, type ImageToDecode } from '../images/decoding.ts';
import { IMAGE_EXTENSIONS, kindOfName } from '../images/formats/file-kind.ts';
import { sizeOf, storedSize, type StoredShape } from '../images/formats/stored-size.ts';
import { stackNote, withPages } from '../images/pages.ts';
import type { LookedAt } from '../images/read-file.ts';
import { mapInOrder } from '../images/ordered.ts';
import { createImageSink, type StoredForm } from '../images/sink.ts';
import { inspectImageFolder } from '../images/inspect-folder.ts';
import { isSampleByName } from '../images/sample-files.ts';
import { ACCOMPANYING, type ListedFile, type Listing } from '../reading/listing.ts';
import { PretextError } from '../../contract/errors.ts';
import type { ImportOptions } from '../../contract/index.ts';
import { createPacer } from '../breathe.ts';
import { PLACING_OPTIONS, planPlaces, tellPlan, type PlacedFile, type Placing } from '../reading/placed.ts';
import { SampleTable } from '../reading/sample-table.ts';
import { defineReader, type ReadRequest, type ReadResult, type WantedForm } from '../reading/types.ts';

interface Candidate extends PlacedFile {
  /** Its bytes are kept from the first pass while memory for them lasts. */
  looked: LookedAt;
  /** Those of one number were looked at together: their bytes lie in one piece of memory. */
  batch: number;
}

const KEPT_BYTES = 128 * 1024 * 1024;

export const imageFolder = defineReader({
  id: 'image-folder',
  title: 'Folder of images',
  summary:
    'PNG, JPEG, WebP, TIFF, BMP, GIF and AVIF files with 8 to 16 bits and any bands; labels from class folders, names of files or a table.',
  modalities: ['image'],
  extensions: IMAGE_EXTENSIONS,
  filesAtOnce: 512,
  heeds: [
    ...PLACING_OPTIONS,
    ...([
      'text.encoding',
      'text.decimal',
      'images.size',
      'images.color',
      'images.pages',
      'images.bits',
    ] as const),
  ],
  async recognise(listing) {
    const images = listing.files.filter((file) => kindOfName(file.path) !== null).length;
    if (images === 0) return 0;
    return images / listing.files.length > 0.5 ? 0.9 : 0.5;
  },
  inspect: inspectImageFolder,
  async read(request): Promise<ReadResult> {
    const { listing, options, issues, signal } = request;
    const placing = await planPlaces(listing, listing.files.filter(isSampleByName), options, issues);
    tellPlan(placing, listing, issues);
    const files = filesToLookAt(listing, placing);
    const decoding = createDecoding(files.length, signal);
    try {
      return await readWith(decoding, request, placing, files);
    } finally {
      await decoding.close();
    }
  },
});

async function readWith(
  decoding: Decoding,
  request: ReadRequest,
  placing: Placing,
  files: readonly ListedFile[],
): Promise<ReadResult> {
  const { listing, options, writer, issues, progress, signal, form: wanted } = request;
  const read = await readHeaders(request, placing, decoding, files);
  for (const { file, looked } of read) looked.header = withPages(looked.header, options.images, file.path);
  const told = read.find(({ looked }) => stackNote(looked.header, options.images) !== null);
  if (told) issues.note(told.file.path, 'pages', stackNote(told.looked.header, options.images)!);
  const candidates = withSameBands(request, read);
  if (candidates.length === 0) throw nothingLeft(listing.path, 'images', issues.all);
  const stored = storedForm(candidates, options.images, wanted);
  noteResizing(request, candidates, stored);
  noteDepths(request, candidates, stored);

  const table = new SampleTable();
  const sink = createImageSink(writer, table, issues, stored.channels, stored.bits, {
    keepsCopies: wanted !== undefined,
  });
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
    if (added) noteOddities(request, candidate, image.clear);
  };
  progress.phase('Decoding images', candidates.length);
  const batches = Map.groupBy(candidates, ({ batch }) => batch).values();
  const decoded = mapInOrder(batches, decoding.inFlight, async (batch) => ({
    batch,
    images: await decoding.decode(batch.map(takeFile), stored),
  }));
  for await (const { batch, images } of decoded) {
    signal.throwIfAborted();
    for (const [at, image] of images.entries()) await store(batch[at]!, image);
    progress.advance(batch.length);
    await pace();
  }
  const form = await sink.finish(options.images.color === 'auto', options.images.bits);
  refuseOtherDepth(request, form);
  noteBits(request, form);
  return {
    modality: 'image',
    shape: [stored.height, stored.width, form.channels],
    dtype: form.dtype,
    table,
    recordings: false,
  };
}

/** A model that learned from 12 bits sees brighter pictures where 13 are used. */
function refuseOtherDepth({ form: wanted, options, listing }: ReadRequest, { usedBits }: StoredForm): void {
  const known = options.images.bits;
  if (wanted?.dtype !== 'uint16' || known === undefined || usedBits === known) return;
  throw new PretextError({
    code: 'model.other-depth',
    message: `The values of the images use ${usedBits} bits; those that the model was trained on use ${known}.`,
    place: listing.path,
    remedy: 'Give it images of the same camera settings, or bring their values to the same scale first.',
  });
}

/** One size, one number of channels, one depth for all. */
function storedForm(
  candidates: readonly Candidate[],
  { size, color }: ImportOptions['images'],
  wanted: WantedForm | undefined,
): Required<StoredShape> {
  const headers = candidates.map(({ looked }) => looked.header);
  const allGrey = headers.every(({ grey }) => grey);
  const pictureChannels = color === 'grey' || (color === 'auto' && allGrey) ? 1 : 3;
  return {
    ...(wanted ? sizeOf(wanted) : storedSize(headers, size)),
    channels: headers[0]!.bands ?? pictureChannels,
    bits: wanted?.dtype === 'uint16' || headers.some(({ bits }) => bits === 16) ? 16 : 8,
  };
}

/** Pictures of other bands cannot stand beside each other: those that are most stay. */
function withSameBands({ issues }: ReadRequest, candidates: Candidate[]): Candidate[] {
  const groups = [...Map.groupBy(candidates, ({ looked }) => looked.header.bands)];
  const [bands, most = []] = groups.reduce(
    (first, next) => (next[1].length > first[1].length ? next : first),
    groups[0] ?? [null, []],
  );
  if (bands !== null && most.length > 0)
    issues.note(
      '',
      'bands',
      most.some(({ looked }) => looked.header.pages)
        ? `The ${bands} pages of each file are kept as ${bands} channels of one picture.`
        : `All ${bands} bands of the images are kept; none is taken for transparency.`,
    );
  const words = (count: number | null) => (count === null ? 'grey or color' : `${count} bands`);
  for (const { file, looked } of candidates)
    if (looked.header.bands !== bands)
      issues.leaveOut(
        file.path,
        'other-bands',
        `The picture has ${words(looked.header.bands)}, most others have ${words(bands)}. Import it as a dataset of its own.`,
      );
  return most;
}

/** Held-out files first, so that they stay when a training file holds the same picture. */
function filesToLookAt(listing: Listing, placing: Placing): ListedFile[] {
  const files = listing.files.filter(
    (file) =>
      !placing.isLabelFile(file) &&
      !placing.plan.place(file.path).leftOut &&
      (kindOfName(file.path) !== null || !ACCOMPANYING.test(lastPart(file.path))),
  );
  const splitOf = new Map(files.map((file) => [file, Math.max(0, placing.plan.place(file.path).split)]));
  return files.sort((first, second) => splitOf.get(second)! - splitOf.get(first)!);
}

/** The first pass: which files are images, their sizes and colors. */
async function readHeaders(
  { issues, progress, signal }: ReadRequest,
  placing: Placing,
  { batch: size, inFlight, look }: Decoding,
  files: readonly ListedFile[],
): Promise<Candidate[]> {
  progress.phase('Reading image headers', files.length);
  const candidates: Candidate[] = [];
  let kept = 0;
  const parts = Array.from({ length: Math.ceil(files.length / size) }, (_, batch) => batch);
  const headers = mapInOrder(parts, inFlight, async (batch) => {
    const some = files.slice(batch * size, (batch + 1) * size);
    return { batch, some, looked: await look(some) };
  });
  const pace = createPacer();
  for await (const { batch, some, looked } of headers) {
    signal.throwIfAborted();
    progress.advance(some.length);
    const held = looked.reduce((sum, one) => sum + (('header' in one && one.bytes?.length) || 0), 0);
    const keep = kept + held <= KEPT_BYTES;
    if (keep) kept += held;
    for (const [at, found] of looked.entries()) {
      const file = some[at]!;
      if ('reason' in found) {
        issues.leaveOut(file.path, found.reason, found.message);
        continue;
      }
      const placed = placing.placeOf(file);
      if (!placed) continue;
      if (!keep) found.bytes = null;
      candidates.push({ ...placed, looked: found, batch });
    }
    await pace();
  }
  return candidates;
}

/** What a thread needs of a candidate, which keeps its bytes no longer. */
function takeFile(candidate: Candidate): ImageToDecode {
  const { file, looked } = candidate;
  const { header, bytes, fileBytes } = looked;
  looked.bytes = null;
  return { path: file.path, absolute: file.absolute, fileBytes, header, bytes };
}

function noteOddities({ issues }: ReadRequest, { file, looked }: Candidate, clear: boolean): void {
  const { header } = looked;
  const named = kindOfName(file.path);
  if (named !== header.kind) {
    const name = named === null ? 'has no image extension' : `says ${named.toUpperCase()}`;
    issues.note(
      file.path,
      'wrong-extension',
      `Imported: the name ${name}, the content is ${header.kind.toUpperCase()}.`,
    );
  }
  if (header.frames > 1 && header.pages === undefined) {
    issues.note(
      file.path,
      'several-frames',
      `Imported: the first of ${header.frames} frames or pages is taken.`,
    );
  }
  if (header.cmyk)
    issues.note(file.path, 'cmyk', 'Imported: printing colors (CMYK) are converted to red, green and blue.');
  // GIF always tells of transparency, used or not.
  if (clear)
    issues.note(
      file.path,
      'transparent-everywhere',
      'Imported: it says that it is transparent everywhere, which was not heeded.',
    );
  else if (header.alpha && header.kind !== 'gif' && header.bands === null)
    issues.note(file.path, 'transparency', 'Imported: transparent parts are put on white.');
}

function noteResizing({ listing, issues }: ReadRequest, candidates: Candidate[], stored: StoredShape): void {
  const differing = candidates.filter(
    ({ looked: { header } }) => header.width !== stored.width || header.height !== stored.height,
  );
  if (differing.length === 0) return;
  const cut = differing.filter(
    ({ looked: { header } }) => Math.abs(header.width / header.height - stored.width / stored.height) > 0.02,
  ).length;
  issues.note(
    lastPart(listing.path),
    'resized',
    `${differing.length} of ${candidates.length} images are resized to ${stored.width} × ${stored.height} pixels${cut ? `; ${cut} of them have another shape and are cut to it around their centre` : ''}.`,
  );
}

function noteDepths({ issues }: ReadRequest, candidates: readonly Candidate[], stored: StoredShape): void {
  const shallow = candidates.filter(({ looked }) => looked.header.bits === 8).length;
  if (stored.bits !== 16 || shallow === 0) return;
  issues.note(
    '',
    'mixed-depth',
    `${shallow} of ${candidates.length} images have 8 bits, the others 16: the values of 8 bits are spread over the range of 16. If those of 16 bits use fewer, they are darker than these; import them apart.`,
  );
}

function noteBits({ issues }: ReadRequest, { usedBits, dtype }: StoredForm): void {
  if (usedBits === null) return;
  const most = (2 ** usedBits - 1).toLocaleString('en');
  const told =
    dtype === 'uint8'
      ? 'The files have 16 bits, and no value above 255: the values are stored as they are, with 8 bits.'
      : `The values of 16 bits are kept. They are taken to use ${usedBits} bits (0 to ${most})${usedBits < 16 ? `, and are spread over the whole range (times ${2 ** (16 - usedBits)})` : ''}.`;
  issues.note('', 'bit-depth', told);
}

const lastPart = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
