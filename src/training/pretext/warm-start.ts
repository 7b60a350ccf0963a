/** Begins a pretext run with the encoder of an earlier one: the same network goes on learning, on other data. */
import { z } from 'zod';
import { PretextError } from '../../contract/errors.ts';
import { encoderSchema, modalitySchema, type Modality } from '../../contract/recipe/recipe.ts';
import type { TransferReport } from '../../contract/entities.ts';
import type { PretextInputs } from '../inputs.ts';
import { transferWeights } from '../../learning/downstream/transfer.ts';
import { encoderDifferences, type EncoderChoice } from '../../learning/encoders/registry.ts';
import type { Program } from '../../tensor/index.ts';
import { readCheckpoint } from '../checkpoints/file.ts';

const originSchema = z.object({ encoder: encoderSchema, modality: modalitySchema });

/**
 * Writes the encoder's weights and moving statistics into a program that has not trained yet. All else, heads
 * and optimizer, stays as it is at first. Tensors of another shape, such as the first kernel where the number of
 * channels differs, keep their random values and are listed as missing.
 *
 * @throws PretextError where the checkpoint holds another encoder, with what differs
 */
export async function warmStart(
  program: Program,
  { startFrom, encoder, modality }: PretextInputs,
): Promise<TransferReport | null> {
  if (!startFrom) return null;
  const { tensors, metadata } = await readCheckpoint(startFrom.file, startFrom.sha256);
  const origin = originSchema.safeParse(metadata);
  if (!origin.success) throw misfit(startFrom.id, 'it was not written by a pretext run');
  requireSameEncoder(startFrom.id, origin.data, { encoder, modality });
  const encoderOnly = Object.fromEntries(Object.entries(tensors).filter(([name]) => isEncoder(name)));
  const own = Object.fromEntries(Object.entries(program.readState()).filter(([name]) => isEncoder(name)));
  const { state, report } = transferWeights(encoderOnly, own, { freeze: 'never' });
  program.writeState(state);
  return report;
}

const isEncoder = (name: string) => name.startsWith('encoder/');

function requireSameEncoder(
  id: string,
  found: { encoder: EncoderChoice; modality: Modality },
  wanted: { encoder: EncoderChoice; modality: Modality },
): void {
  if (found.modality !== wanted.modality)
    throw misfit(id, `it is for data of kind ${found.modality}, and this data is of kind ${wanted.modality}`);
  const differences = encoderDifferences(found.encoder, wanted.encoder, wanted.modality);
  if (differences.length > 0)
    throw misfit(id, `its encoder differs from the recipe’s: ${differences.join(', ')}`);
}

function misfit(id: string, reason: string): PretextError {
  return new PretextError({
    code: 'pretext.start-misfit',
    message: `Pretraining cannot start from the checkpoint “${id}”: ${reason}.`,
    place: 'pretext.startFrom',
    remedy: 'Give the recipe the encoder that the checkpoint was made with, or start from random weights.',
  });
}
