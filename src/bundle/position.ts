/** How far a job has got, from what its journal says. Pure; by the rules that a project's own checkpoints follow. */
import type { JournalEntry } from '../contract/elsewhere/journal.ts';
import type { CheckpointNote, FromTrainer } from '../contract/messages/trainer.ts';

export interface Position {
  /** The checkpoint to go on from; null: from where the job as packed begins. */
  resume: CheckpointNote | null;
  /** Checkpoints that still count, in the order in which they were written: best, last, the one before the last. */
  live: CheckpointNote[];
  finishedSeeds: number[];
  /** Validation score of the best model kept so far. */
  bestScore: number | null;
  /** Seconds that all attempts have taken. */
  seconds: number;
  attempts: number;
  isDone: boolean;
}

export function positionOf(kind: 'pretext' | 'finetune', entries: readonly JournalEntry[]): Position {
  const lost = new Set(entries.flatMap((entry) => (entry.type === 'lost' ? [entry.sha256] : [])));
  const said = entries.flatMap((entry) => (entry.type === 'said' ? [entry.message] : []));
  const notes = wordsOf(said, 'checkpoint')
    .map(({ checkpoint }) => checkpoint)
    .filter(({ sha256 }) => !lost.has(sha256));
  const isDone = entries.some((entry) => entry.type === 'end' && entry.ending === 'done');
  const best = notes.findLast((note) => note.kind === 'best');
  const lasts = notes.filter((note) => note.kind === 'last').slice(isDone ? -1 : -2);
  const live = notes.filter((note) => note === best || lasts.includes(note));
  const resumable = live.filter((note) => note.kind === 'last' || kind === 'pretext');
  const timed = entries.findLast((entry) => entry.type === 'said' || entry.type === 'end');
  return {
    resume: resumable.at(-1) ?? null,
    live,
    finishedSeeds: wordsOf(said, 'result').map(({ row }) => row.seed),
    bestScore: best?.score ?? null,
    seconds: timed?.seconds ?? 0,
    attempts: entries.filter(({ type }) => type === 'begin').length,
    isDone,
  };
}

function wordsOf<Type extends FromTrainer['type']>(said: readonly FromTrainer[], type: Type) {
  return said.filter((message): message is Extract<FromTrainer, { type: Type }> => message.type === type);
}
