/** Who answers which question. */
import type { Answerers } from '../training/questions/answering.ts';
import { estimateNeeds } from '../training/questions/estimate.ts';
import { writeEmbeddings } from './embed.ts';
import { explainAndWrite } from './explain.ts';
import { writeExport } from './export-model.ts';
import { predict } from '../training/models/predict.ts';
import { answerPreview } from '../training/questions/preview.ts';

export const ANSWERERS: Answerers = {
  preview: answerPreview,
  estimate: estimateNeeds,
  export: writeExport,
  embed: writeEmbeddings,
  predict,
  explain: explainAndWrite,
};
