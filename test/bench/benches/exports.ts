/**
 * `exports`: models of every encoder in every format, run by the programs they are for. The number is the largest
 * difference between their answers and this program's.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { PretextError } from '../../../src/contract/errors.ts';
import type { BenchRow } from '../document.ts';
import { prepareExportPeers } from '../peers/setup.ts';
import { commandOf, workerEnvironment } from '../worker.ts';
import type { BenchContext } from './context.ts';

/** Answers further apart than this are other answers. */
const MOST_DIFFERENCE = 1e-4;

const answeredSchema = z.object({
  programs: z.record(z.string(), z.string()),
  rows: z.array(
    z.object({
      case: z.string(),
      outputs: z.array(z.string()),
      format: z.string(),
      difference: z.number().nonnegative(),
    }),
  ),
});
type Answered = z.infer<typeof answeredSchema>;

const run = promisify(execFile);

export async function exportBench({ folder, say }: BenchContext): Promise<BenchRow[]> {
  const python = await prepareExportPeers();
  say('exports: writing every model in every format');
  await start('exports.ts', folder, python);
  say('exports: PyTorch, ONNX Runtime and TensorFlow answer, and the examples of all READMEs run');
  const byPython = await answers('exports.py', folder, python);
  say('exports: TensorFlow.js answers in plain JavaScript');
  const byJavaScript = await answers('exports-tfjs.ts', folder, python);
  const rows = [byPython, byJavaScript].flatMap(rowsOf);
  const worst = rows.find(({ ours }) => ours > MOST_DIFFERENCE);
  if (worst)
    throw new PretextError({
      code: 'bench.export',
      message: `${worst.case}: answers of ${worst.peerName} differ by ${worst.ours}; ${MOST_DIFFERENCE} are allowed.`,
    });
  return rows;
}

const rowsOf = ({ programs, rows }: Answered): BenchRow[] =>
  rows.map(({ case: name, outputs, format, difference }) => ({
    bench: 'export',
    case: `${format}, ${name}, ${outputs.length > 1 ? 'with head' : 'encoder alone'}`,
    unit: 'largest difference of answers',
    ours: difference,
    peer: null,
    peerName: programs[format]!,
    ratio: null,
    spread: null,
  }));

async function answers(script: string, folder: string, python: string): Promise<Answered> {
  return answeredSchema.parse(JSON.parse(await start(script, folder, python)));
}

async function start(script: string, folder: string, python: string): Promise<string> {
  const { program, file } = commandOf(script, python);
  const options = { env: workerEnvironment(script), maxBuffer: 2 ** 26 };
  const { stdout } = await run(program, [file, folder], options);
  return stdout;
}
