/** The sample studies that ship with the program: a folder of recipes with an index. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import type { DeviceWish } from '../../contract/recipe/device.ts';
import { PretextError } from '../../contract/errors.ts';
import type { Recipe } from '../../contract/recipe/recipe.ts';
import { sampleStudySchema, type SampleStudy } from '../../contract/recipe/sample-study.ts';
import { checkRecipeText } from './text.ts';

const indexSchema = z.array(sampleStudySchema.extend({ file: z.string().optional() }));

/** `PRETEXT_SAMPLES`, or `samples` beside the sources or the bundle. */
export function sampleFolder(): string {
  const named = process.env['PRETEXT_SAMPLES'];
  if (named) return named;
  const beside = ['../../../samples', '../samples', './samples'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  return beside.find((folder) => existsSync(join(folder, 'index.yaml'))) ?? beside[0]!;
}

/** None where no samples are installed. Throws where the index is there and wrong: that is a bug. */
export function listSampleStudies(folder = sampleFolder()): SampleStudy[] {
  return readIndex(folder).map(({ file: _file, ...study }) => study);
}

/** @param device what the recipe's part about the machine is where the recipe does not say */
export function readSampleRecipe(id: string, folder = sampleFolder(), device: DeviceWish = {}): Recipe {
  const entry = readIndex(folder).find((study) => study.id === id);
  if (!entry)
    throw new PretextError({
      code: 'sample.missing',
      message: `There is no sample study “${id}”.`,
      place: folder,
      remedy: 'Choose one of those listed on the start screen.',
    });
  const file = entry.file ?? `${id}.yaml`;
  const check = checkRecipeText(readFileSync(join(folder, file), 'utf8'), file, () => null, {
    defaults: device,
  });
  if (!check.valid) throw new PretextError(check.failures[0]!);
  return check.recipe;
}

function readIndex(folder: string): z.infer<typeof indexSchema> {
  const file = join(folder, 'index.yaml');
  if (!existsSync(file)) return [];
  return indexSchema.parse(parse(readFileSync(file, 'utf8')));
}
