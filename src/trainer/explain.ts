/** Says why a model answers as it does, and writes it as files where they are asked for. */
import type { DatasetSelection } from '../contract/messages/dataset-selection.ts';
import type { Question } from '../contract/messages/questions.ts';
import type { Explanation } from '../contract/model/explanation.ts';
import { withHead } from '../contract/model/heads.ts';
import type { Panel } from '../contract/data/preview.ts';
import { panelsOf } from '../data/index.ts';
import { explanationFiles } from '../export/explanations/files.ts';
import { requirePlaceForFolder, writeFolder } from '../machine/whole-folder.ts';
import { explain } from '../training/models/explain.ts';
import { readDescription } from '../training/models/load.ts';
import type { QuestionControl } from '../training/questions/answering.ts';
import { readSamples } from '../training/samples/reader.ts';

export async function explainAndWrite(
  question: Question<'explain'>,
  control: QuestionControl,
): Promise<Explanation> {
  const { output, training } = question;
  if (output) await requirePlaceForFolder(output.folder, output.overwrite);
  const explanation = await explain(question, control);
  if (!output) return explanation;
  const files = await explanationFiles({
    model: withHead(await readDescription(question.model), question.head),
    source: output.source,
    explanation,
    pictures: training ? await picturesOf(training, explanation) : [],
  });
  return { ...explanation, written: await writeFolder(output.folder, files, output.overwrite) };
}

/** Of the nearest training samples. */
async function picturesOf(training: DatasetSelection, { nearest }: Explanation): Promise<Panel['content'][]> {
  // The dataset may hold others now, and fewer.
  if (nearest.some(({ sample }) => sample >= training.offsets.length)) return [];
  const bytes = await readSamples(
    training,
    Int32Array.from(nearest, ({ sample }) => sample),
  );
  return panelsOf(bytes, { ...training, about: training.about ?? {} });
}
