/** Formats that models can be taken elsewhere in: their words, for the window, the command line and the files themselves. */
import { z } from 'zod';

export interface ExportFormatWords {
  /** What the format is called. */
  title: string;
  /** Who reads it, in a sentence. */
  summary: string;
  /** What is written. */
  files: string;
}

export const EXPORT_FORMATS = {
  safetensors: {
    title: 'PyTorch (safetensors)',
    summary: 'Weights with PyTorch’s names and layouts, and a model.py in plain PyTorch that loads them.',
    files: 'model.safetensors, model.py',
  },
  onnx: {
    title: 'ONNX',
    summary: 'One file that ONNX Runtime and most other programs answer with.',
    files: 'model.onnx',
  },
  'saved-model': {
    title: 'TensorFlow SavedModel',
    summary: 'For TensorFlow and its server, made of operations that every TensorFlow 2 has.',
    files: 'saved_model.pb',
  },
  tfjs: {
    title: 'TensorFlow.js',
    summary: 'A graph model for browsers and Node, run in plain JavaScript.',
    files: 'model.json, weights-….bin',
  },
} as const satisfies Record<string, ExportFormatWords>;

/** Formats of embeddings: `tsv` are two files, as projectors want them. */
export const embeddingFormatSchema = z.enum(['npz', 'parquet', 'tsv']);
export type EmbeddingFormat = z.infer<typeof embeddingFormatSchema>;

export const writtenEmbeddingsSchema = z.object({
  files: z.array(z.string()),
  samples: z.number().int(),
  /** Numbers of each sample. */
  features: z.number().int(),
  /** Files and rows that could not be read. */
  leftOut: z.number().int(),
});
export type WrittenEmbeddings = z.infer<typeof writtenEmbeddingsSchema>;

/** What was written where. */
export const writtenExportSchema = z.object({
  folder: z.string(),
  files: z.array(z.object({ path: z.string(), bytes: z.number().int() })),
});
export type WrittenExport = z.infer<typeof writtenExportSchema>;

export type ExportFormat = keyof typeof EXPORT_FORMATS;

export const exportFormatSchema = z.enum(Object.keys(EXPORT_FORMATS) as [ExportFormat, ...ExportFormat[]]);
