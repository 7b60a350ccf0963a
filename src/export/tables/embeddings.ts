/** Tables of embeddings: one row a sample, what it is and its features, written as they are computed. */
import type { EmbeddingFormat } from '../../contract/model/export.ts';
import { giveName } from '../../machine/replace-file.ts';
import type { EmbeddedSamples, EmbeddingWriter } from './embedded-samples.ts';
import { npzWriter } from './npz.ts';
import { parquetWriter } from './parquet.ts';
import { projectorWriter } from './projector.ts';

/** A file's name while it is written, and its own. */
export interface PlannedFile {
  temporary: string;
  file: string;
}

const writers: Readonly<
  Record<EmbeddingFormat, (files: PlannedFile[], samples: EmbeddedSamples) => EmbeddingWriter>
> = {
  npz: ([file], samples) => npzWriter(file!.temporary, samples),
  parquet: ([file], samples) => parquetWriter(file!.temporary, samples),
  tsv: ([vectors, metadata], samples) => projectorWriter(vectors!.temporary, metadata!.temporary, samples),
};

/** The files of a format: projectors want vectors and what they are in two. */
export const embeddingFiles = (format: EmbeddingFormat, file: string): string[] =>
  format === 'tsv' ? [file, `${file.replace(/\.tsv$/i, '')}-metadata.tsv`] : [file];

export const openEmbeddings = (
  format: EmbeddingFormat,
  files: PlannedFile[],
  samples: EmbeddedSamples,
): EmbeddingWriter => writers[format](files, samples);

/** The last step: whole files under their own names. */
export async function giveNames(files: readonly PlannedFile[]): Promise<void> {
  for (const { temporary, file } of files) await giveName(temporary, file);
}
