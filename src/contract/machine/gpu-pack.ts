/** The GPU pack: TensorFlow for CUDA and NVIDIA's libraries, had by an installed program at its user's word. */
import { z } from 'zod';
import { failureSchema } from '../errors.ts';

export const gpuWheelSchema = z.object({
  package: z.string(),
  version: z.string(),
  file: z.string().regex(/^[A-Za-z0-9_.+-]+\.whl$/),
  bytes: z.number().int().positive(),
  /** What its members take once unpacked. */
  unpackedBytes: z.number().int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type GpuWheel = z.infer<typeof gpuWheelSchema>;

export const gpuWheelTableSchema = z.object({
  tensorflow: z.string(),
  wheels: z.array(gpuWheelSchema).min(1),
});
export type GpuWheelTable = z.infer<typeof gpuWheelTableSchema>;

/** Where the wheels come from: a folder that holds them, or a package index by its address. */
export const gpuPackSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('folder'), folder: z.string().min(1) }),
  z.object({ kind: z.literal('index'), address: z.string().regex(/^https?:\/\//, 'begins with https://') }),
]);
export type GpuPackSource = z.infer<typeof gpuPackSourceSchema>;

export const gpuPackStateSchema = z.object({
  /** Why there can be none here; null where there can. */
  unsupported: z.string().nullable(),
  /** `partial`: some wheels are there already, and the next attempt goes on with the others. */
  state: z.enum(['none', 'partial', 'installed']),
  folder: z.string(),
  /** What is still to be fetched, and what the whole takes on the disk. */
  downloadBytes: z.number().int(),
  installedBytes: z.number().int(),
  wheels: z.array(gpuWheelSchema.extend({ there: z.boolean() })),
  /** The index that this machine's pip is set to, where it is. */
  index: z.string().nullable(),
});
export type GpuPackState = z.infer<typeof gpuPackStateSchema>;

export const gpuPackProgressSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    /** What is done now, in words. */
    words: z.string(),
    doneBytes: z.number().int(),
    totalBytes: z.number().int(),
  }),
  /** It is there, and a step was computed with it on this device. */
  z.object({ type: z.literal('installed'), device: z.string() }),
  z.object({ type: z.literal('failed'), failure: failureSchema }),
]);
export type GpuPackProgress = z.infer<typeof gpuPackProgressSchema>;
