/**
 * Features of samples in files. How many there are is known once all are read, and tables want to know it first: the
 * features are gathered in a file meanwhile, so that memory holds no more than the samples' names.
 */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SampleType } from '../contract/data/sample-values.ts';
import { PretextError } from '../contract/errors.ts';
import { withHead } from '../contract/model/heads.ts';
import type { PredictionSource } from '../contract/model/prediction.ts';
import { inDecimals, optionsFor, planNewSamples, readNewSamples } from '../data/index.ts';
import { readDescription } from '../training/models/load.ts';
import type { QuestionControl } from '../training/questions/answering.ts';
import type { Embedded, Embedder } from './embedded.ts';

const BYTES_AT_ONCE = 4 * 1024 * 1024;

/** @param model the folder of the kept model, one of whose heads says how files are prepared */
export async function embedFiles(
  { folder, head }: { folder: string; head?: string | undefined },
  { paths, decimal }: Pick<Extract<PredictionSource, { kind: 'files' }>, 'paths' | 'decimal'>,
  compile: (dtype: SampleType) => Embedder,
  { signal, progress }: QuestionControl,
): Promise<Embedded> {
  const model = inDecimals(withHead(await readDescription(folder), head), decimal);
  const plan = await planNewSamples(paths, optionsFor(model.preparation), model.modality, signal);
  const scratch = await mkdtemp(join(tmpdir(), 'pretext-embed-'));
  const gathered = join(scratch, 'features');
  const sources: string[] = [];
  let embedder: Embedder | null = null;
  let leftOut = plan.issues.length;
  const close = () => rm(scratch, { recursive: true, force: true });
  try {
    const handle = await open(gathered, 'w');
    try {
      let files = 0;
      for (const part of plan.parts) {
        await progress({ done: files, total: plan.files, phase: 'Embedding' });
        const samples = await readNewSamples(part, model, join(scratch, 'part.shard'), signal);
        try {
          if (samples.sources.length > 0) {
            embedder ??= compile(samples.dtype);
            const values = await embedder.features({ ...samples, name: 'the new samples' });
            await handle.appendFile(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
          }
          for (const source of samples.sources) sources.push(source);
          leftOut += samples.issues.filter(({ severity }) => severity === 'left-out').length;
        } finally {
          await samples.close();
        }
        files += part.listing.files.length;
      }
    } finally {
      await handle.close();
    }
    if (sources.length === 0) throw nothingToEmbed(paths[0]!);
    const count = sources.length;
    const nothing = new Array<string>(count).fill('');
    return {
      samples: {
        count,
        index: Int32Array.from({ length: count }, (_, index) => index),
        source: sources,
        label: nothing,
        split: nothing,
      },
      parts: readFeatures(gathered, embedder!.width),
      leftOut,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  } finally {
    embedder?.close();
  }
}

/** Whole rows at a time. */
async function* readFeatures(file: string, width: number): AsyncGenerator<Float32Array> {
  const rows = Math.max(1, Math.floor(BYTES_AT_ONCE / (4 * width)));
  const handle = await open(file, 'r');
  try {
    for (let position = 0; ;) {
      const values = new Float32Array(rows * width);
      const { bytesRead } = await handle.read(new Uint8Array(values.buffer), 0, values.byteLength, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield values.subarray(0, bytesRead / 4);
    }
  } finally {
    await handle.close();
  }
}

function nothingToEmbed(place: string): PretextError {
  return new PretextError({
    code: 'embed.nothing',
    message: 'No sample could be read.',
    place,
    remedy: 'Choose files or folders that hold samples of the kind that the model was trained on.',
  });
}
