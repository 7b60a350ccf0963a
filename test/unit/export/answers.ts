/** What PyTorch and ONNX Runtime answered when test/bench/cases/exports.py ran the exports of test/fixtures/exported-models.ts. */
import { readFileSync } from 'node:fs';

interface ProgramAnswers {
  features: number[];
  probabilities: number[];
}

export const foreignAnswers = (
  JSON.parse(readFileSync(new URL('answers.json', import.meta.url), 'utf8')) as {
    cases: Record<
      string,
      { safetensors: ProgramAnswers & { state: Record<string, number[]> }; onnx: ProgramAnswers }
    >;
  }
).cases;
