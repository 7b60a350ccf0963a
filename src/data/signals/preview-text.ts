/** Shows rows of a delimited text before and after their preparation, by the same steps as an import. */
import type { PreparationPreview, PreviewWish } from '../../contract/data/recordings/preparation-preview.ts';
import { PretextError } from '../../contract/errors.ts';
import type { ImportOptions } from '../../contract/recipe/recipe.ts';
import { breathe } from '../breathe.ts';
import { readChunks } from '../byte-stream.ts';
import { createIssueList } from '../reading/issues.ts';
import { ofPreparing } from './preparation/plan.ts';
import { FILES_NAMED, MOST_STAGED, noPreview, placeOf, stagesOf } from './preparation/stages.ts';
import type { ApartWindow } from './preparation/windows-apart.ts';
import { stretchesOf } from './prepare-text.ts';
import type { TextOptions } from './recorded/options.ts';
import { openText, type OpenRecording } from './recording.ts';
import type { SignalPlan } from './signal-plan.ts';
import { storedRows } from './stored-rows.ts';
import { blockLength, cutWindows } from './windows.ts';

/** @throws PretextError for what an import would refuse, and `recordings.no-preview` */
export async function previewText(
  { files, plan, prepared, rate: toldRate, unreadable }: SignalPlan,
  options: ImportOptions,
  { faults }: TextOptions,
  wish: PreviewWish,
): Promise<PreparationPreview> {
  const wanted = files.find(({ file }) => file.path === wish.file)?.file;
  const first = files.find(({ file }) => unreadable.every(({ path }) => path !== file.path))?.file;
  const file = wish.file === undefined ? first : wanted;
  if (!plan || !file) throw noPreview(wish.file ?? 'the files', 'There is no recording that can be read.');
  const doubt = plan.doubts.find(ofPreparing);
  if (doubt) throw new PretextError({ ...doubt, place: 'options.prepare' });
  const { opened, values, isWhole } = await readSome({ plan, faults }, file, options);
  const width = plan.channels.length;
  const rows = storedRows(opened, plan);
  const read = { ...rows, rowCount: values.length / width };
  const stretches = stretchesOf(read, toldRate)
    .map((one) => ({ ...one, end: Math.min(one.end, read.rowCount) }))
    .filter((one) => one.end > one.start);
  if (stretches.length === 0) throw noPreview(file.path, 'The file holds no rows of data.');
  const rate = toldRate ?? 1;
  const { at, from, end } = placeOf(stretches, rate, wish);
  const { start, end: behind, seconds: begun } = stretches[at]!;
  const firstRow = Math.min(behind - start, Math.round((from - begun) * rate));
  const to = Math.min(behind - start, firstRow + Math.max(1, Math.round(wish.seconds * rate)));
  const stages = await stagesOf(
    {
      stretches: stretches.map((one) => values.slice(one.start * width, one.end * width)),
      names: prepared.written,
      steps: prepared.steps,
      shown: { stretch: at, from: firstRow, to },
      windows: () => Promise.resolve(windowsOf(read, stretches[at]!, options)),
    },
    wish,
  );
  return {
    file: file.path,
    files: files.slice(0, FILES_NAMED).map((one) => one.file.path),
    rate: toldRate,
    from: begun + firstRow / rate,
    seconds: (to - firstRow) / rate,
    end,
    partOf: isWhole ? null : end,
    stages,
  };
}

/** Rows of a file as they are stored before any step: from the first on, as many as are shown. */
async function readSome(
  plan: Parameters<typeof openText>[1],
  file: { path: string; absolute: string },
  options: ImportOptions,
): Promise<{ opened: OpenRecording; values: Float32Array; isWhole: boolean }> {
  const parts: Float32Array[] = [];
  let count = 0;
  const take = (values: Float32Array) => {
    parts.push(values.slice());
    count += values.length;
    return Promise.resolve();
  };
  const open = (chunk: Buffer) =>
    openText({ options, issues: createIssueList() }, plan, file.path, chunk, take);
  let opened: OpenRecording | null = null;
  let isWhole = true;
  for await (const chunk of readChunks(file.absolute)) {
    opened ??= open(chunk);
    await opened.sink.take(opened.parser.push(opened.toText.push(chunk)));
    await breathe();
    isWhole = count < MOST_STAGED;
    if (!isWhole) break;
  }
  opened ??= open(Buffer.alloc(0));
  if (isWhole) {
    await opened.sink.take(opened.parser.push(opened.toText.finish()));
    await opened.sink.take(opened.parser.finish());
  }
  await opened.sink.finish();
  const values = new Float32Array(count);
  parts.reduce((at, part) => (values.set(part, at), at + part.length), 0);
  return { opened, values, isWhole };
}

/** Windows of one stretch as an import cuts them, from its first row on. */
function windowsOf(
  { badRows, runStarts, runLabels, rowCount }: ReturnType<typeof storedRows>,
  { start, end }: { start: number; end: number },
  { signals: { windowLength: length, windowStride: stride = length, mixedWindows } }: ImportOptions,
): ApartWindow[] {
  const windows = cutWindows(
    {
      firstRow: start,
      rowCount: end,
      length,
      stride,
      badRows,
      runStarts,
      runLabels,
      mixed: mixedWindows,
      blockRows: blockLength(rowCount, length, stride),
    },
    { bad: 0, faulty: 0, mixed: 0 },
  );
  return Array.from(windows, (window) => ({ start: window.start - start, rows: length }));
}
