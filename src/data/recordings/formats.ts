/** The formats of recordings: how each is recognised by its name and first bytes, and opened. */
import { openArff, looksLikeArff } from './formats/arff.ts';
import { openBrainVision } from './formats/brainvision.ts';
import { openBytes, type ByteSource } from './bytes.ts';
import { looksLikeEdf } from './formats/edf-header.ts';
import { openEdfFile } from './formats/edf-beside.ts';
import { openEeglab } from './formats/eeglab.ts';
import { looksLikeMat73 } from './formats/mat73-mark.ts';
import { looksLikeMat5 } from './formats/mat5.ts';
import { openMat } from './formats/mat.ts';
import type { ArrayChoices } from './named-arrays.ts';
import { isBesideData, looksLikeNpy, openNpy, openNpz } from './formats/npy.ts';
import { openParquet } from './formats/parquet.ts';
import { looksLikeParquet } from './formats/parquet-table.ts';
import { FileProblem } from '../problem.ts';
import type { Recording } from './recording.ts';
import { looksLikeTs, openTs } from './formats/ts.ts';
import { looksLikeWav, openWav } from './formats/wav.ts';
import { openWfdb } from './formats/wfdb.ts';
import { segmentHeaders } from './formats/wfdb-segments.ts';

/** So many bytes are looked at to recognise a file. */
export const HEAD_BYTES = 4096;

export interface RecordingFormat {
  id:
    | 'edf'
    | 'brainvision'
    | 'wfdb'
    | 'eeglab'
    | 'matlab'
    | 'numpy'
    | 'wav'
    | 'parquet-signals'
    | 'ucr-archive';
  title: string;
  /** Names of files that are recordings. */
  names: RegExp;
  /** Names of files that belong to a recording beside them. */
  beside?: RegExp;
  /** Whether a file of such a name begins as it should; not asked of formats that only their name tells. */
  looksLike?: (head: Uint8Array) => boolean;
  /** A file of another name that begins like this is one, too. */
  isUnmistakable?: boolean;
  /** Files with a name of the format that are parts of this one, and no recordings of their own. */
  parts?(path: string): Promise<string[]>;
  /** @throws FileProblem, or what the system says of the file */
  open(path: string, choices: ArrayChoices): Promise<Recording>;
}

const textOf = (head: Uint8Array): string => Buffer.from(head).toString('utf8');

/** Opens the bytes, and closes them again where they are none of the format. */
const fromBytes =
  (open: (source: ByteSource, choices: ArrayChoices) => Promise<Recording>): RecordingFormat['open'] =>
  async (path, choices) => {
    const source = await openBytes(path);
    try {
      return await open(source, choices);
    } catch (error) {
      await source.close();
      throw error;
    }
  };

export const recordingFormats: readonly RecordingFormat[] = [
  {
    id: 'edf',
    title: 'EDF, EDF+, BDF and BDF+',
    names: /\.(edf|bdf|rec)$/i,
    looksLike: looksLikeEdf,
    isUnmistakable: true,
    open: (path) => openEdfFile(path),
  },
  {
    id: 'brainvision',
    title: 'BrainVision',
    names: /\.vhdr$/i,
    beside: /\.(vmrk|eeg|dat|avg)$/i,
    looksLike: (head) => /^(\uFEFF)?(BrainVision|Brain Vision|Vision) /.test(textOf(head)),
    open: (path) => openBrainVision(path),
  },
  {
    id: 'wfdb',
    title: 'WFDB records (PhysioNet)',
    names: /\.hea$/i,
    looksLike: (head) => /^(\s*#.*\n|\s*\n)*\s*\S+[ \t]+\d+([ \t\r\n]|$)/.test(textOf(head)),
    beside: /\.(dat|atr|qrs|ecg|st|apn|xws|al|ari|mat|\d{2,3})$/i,
    parts: segmentHeaders,
    open: (path) => openWfdb(path),
  },
  {
    id: 'eeglab',
    title: 'EEGLAB',
    names: /\.set$/i,
    beside: /\.fdt$/i,
    looksLike: looksLikeMat5,
    open: (path) => openEeglab(path),
  },
  {
    id: 'matlab',
    title: 'MATLAB matrices',
    names: /\.mat$/i,
    looksLike: (head) => looksLikeMat5(head) || looksLikeMat73(head),
    async open(path, choices) {
      const source = await openBytes(path);
      const head = await source.read(0, Math.min(source.size, HEAD_BYTES)).finally(() => source.close());
      if (!looksLikeMat73(head)) return fromBytes(openMat)(path, choices);
      // The library of HDF5 is large, and started only where there is such a file.
      const { openMat73 } = await import('./formats/hdf5.ts');
      return openMat73(path, choices);
    },
  },
  {
    id: 'numpy',
    title: 'NumPy arrays',
    names: /\.np[yz]$/i,
    looksLike: (head) => looksLikeNpy(head) || (head[0] === 0x50 && head[1] === 0x4b),
    open: (path, choices) =>
      /\.npz$/i.test(path) ? fromBytes(openNpz)(path, choices) : openNpy(path, choices),
  },
  {
    id: 'wav',
    title: 'WAV',
    names: /\.wave?$/i,
    looksLike: looksLikeWav,
    isUnmistakable: true,
    open: fromBytes(openWav),
  },
  {
    id: 'parquet-signals',
    title: 'Parquet tables of signals',
    names: /\.(parquet|pq)$/i,
    looksLike: looksLikeParquet,
    open: fromBytes(openParquet),
  },
  {
    id: 'ucr-archive',
    title: 'Time series of the UCR and UEA archives',
    names: /\.(ts|arff)$/i,
    looksLike: (head) => looksLikeTs(head) || looksLikeArff(head),
    isUnmistakable: true,
    async open(path, choices) {
      const source = await openBytes(path);
      const head = await source.read(0, Math.min(source.size, HEAD_BYTES)).finally(() => source.close());
      return fromBytes(looksLikeArff(head) ? openArff : openTs)(path, choices);
    },
  },
];

export { isBesideData };

/** Which format a file is of; null for none that is read here. */
export function formatOf(name: string, head: Uint8Array): RecordingFormat | null {
  const byName = recordingFormats.find(({ names }) => names.test(name));
  if (byName && (byName.looksLike?.(head) ?? true) && !(byName.id === 'numpy' && isBesideData(name)))
    return byName;
  return (
    recordingFormats.find(({ isUnmistakable, looksLike }) => isUnmistakable && looksLike?.(head)) ?? null
  );
}

/** @throws FileProblem `wrong-magic` for a file of no format */
export async function openRecordingFile(path: string, choices: ArrayChoices = {}): Promise<Recording> {
  const source = await openBytes(path);
  const head = await source.read(0, Math.min(source.size, HEAD_BYTES)).finally(() => source.close());
  const format = formatOf(path, head) ?? recordingFormats.find(({ names }) => names.test(path));
  if (!format) throw new FileProblem('wrong-magic', 'The file is no recording of a kind that is known.');
  return format.open(path, choices);
}
