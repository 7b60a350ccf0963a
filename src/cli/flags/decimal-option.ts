/** How numbers in files of text are written, for whatever reads such files by a model. */
import { InvalidArgumentError, Option } from 'commander';
import { decimalSignSchema, type DecimalSign } from '../../contract/model/prediction.ts';

export interface DecimalFlag {
  decimal?: DecimalSign;
}

export const decimalOption = (): Option =>
  new Option(
    '--decimal <sign>',
    'decimal sign of the files: point or comma; default: as the training data',
  ).argParser(parseDecimal);

/** For what is asked: nothing where the flag was left out. */
export const decimalOf = ({ decimal }: DecimalFlag): DecimalFlag => (decimal ? { decimal } : {});

function parseDecimal(text: string): DecimalSign {
  const { success, data } = decimalSignSchema.safeParse(text);
  if (success) return data;
  throw new InvalidArgumentError('It must be point or comma.');
}
