/** Writes a kept model, or the encoder of a checkpoint, in a format that other programs read. */
import type { Answer, Question } from '../contract/messages/questions.ts';
import { writeFolder } from '../machine/whole-folder.ts';
import { exportModel } from '../export/formats.ts';
import { checkpointNotesSchema, exportedEncoderOf, exportedModelOf } from '../export/kept-model.ts';
import type { ExportedModel } from '../export/model.ts';
import { startTensorFlow } from '../tensor/index.ts';
import { readCheckpoint, requireNotes } from '../training/checkpoints/file.ts';
import { loadModel } from '../training/models/load.ts';

export async function writeExport(question: Question<'export'>): Promise<Answer<'export'>> {
  await startTensorFlow();
  const { source, format, encoderOnly, folder, overwrite, program } = question;
  const model = await modelOf(source, encoderOnly);
  return writeFolder(folder, exportModel(model, format, program), overwrite);
}

/** Throws where the model, or the checkpoint, is not what was written. */
export async function modelOf(
  source: Question<'export'>['source'],
  encoderOnly: boolean,
): Promise<ExportedModel> {
  if (source.kind === 'model') {
    const { model, weights } = await loadModel(source.folder, source.head);
    return exportedModelOf(model, weights, encoderOnly);
  }
  const { tensors, metadata } = await readCheckpoint(source.file, source.sha256);
  return exportedEncoderOf(source.name, requireNotes(checkpointNotesSchema, metadata, source.file), tensors);
}
