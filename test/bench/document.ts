/** The document that `npm run bench -- --json` prints. Later versions add fields and change none. */
import { z } from 'zod';

export const benchNames = [
  'step',
  'mixed',
  'simclr',
  'signals',
  'memory',
  'import',
  'copies',
  'inference',
  'first-step',
  'flat',
] as const;
export type BenchName = (typeof benchNames)[number];
/** Benches that take many minutes, or peers of their own: run only where they are named. */
export const longBenchNames = [
  'methods',
  'tasks',
  'defaults',
  'exports',
  'readers',
  'preparation',
  'predict',
  'tables',
  'installed',
  'redraws',
  'jobs',
  'together',
  'encoders',
  'views',
] as const;
export type LongBenchName = (typeof longBenchNames)[number];

export const rowSchema = z.object({
  bench: z.enum([
    ...benchNames,
    'method',
    'task',
    'defaults',
    'export',
    'readers',
    'preparation',
    'predict',
    'tables',
    'installed',
    'redraws',
    'jobs',
    'together',
    'encoders',
    'views',
  ]),
  /** What was varied: "width 32, batch 128". */
  case: z.string(),
  unit: z.string(),
  ours: z.number(),
  /** Null where there is nothing to compare with. */
  peer: z.number().nullable(),
  peerName: z.string().nullable(),
  /** Above 1 where ours is better. */
  ratio: z.number().positive().nullable(),
  /** Distance between the quartiles of the ratios of the rounds; of methods and tasks, the range over seeds; of
   * what is learned from tables, the standard deviation over seeds of the two sides' difference. */
  spread: z.number().nonnegative().nullable(),
  /** Of tasks: the same of validation samples, by which the probe chose its penalty. */
  validation: z.object({ ours: z.number(), peer: z.number() }).optional(),
  /** Of tasks: the range over seeds of random weights. */
  peerSpread: z.number().nonnegative().optional(),
  /** Of tasks and methods: what this program's runs found wrong with themselves; none in healthy ones. */
  findings: z.array(z.string()).optional(),
  /** Of methods: the accuracies of each seed, and how far the losses of the first steps lie apart. */
  seeds: z
    .array(z.object({ ours: z.number(), peer: z.number(), lossDifference: z.number().nonnegative() }))
    .optional(),
});
export type BenchRow = z.infer<typeof rowSchema>;

export const benchDocumentSchema = z.object({
  machine: z.object({
    /** What both sides computed on. */
    device: z.enum(['cpu', 'gpu']).default('cpu'),
    processor: z.string(),
    cores: z.number().int().positive(),
    memoryGiB: z.number().positive(),
    platform: z.string(),
    /** Load average of one minute before the first measurement: much above 0, others used the machine. */
    loadBefore: z.number(),
  }),
  versions: z.record(z.string(), z.string()),
  rows: z.array(rowSchema),
});
export type BenchDocument = z.infer<typeof benchDocumentSchema>;
