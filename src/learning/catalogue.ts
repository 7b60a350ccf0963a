/**
 * Descriptions of all encoders and pretext tasks for the window and the command line, made from the values
 * themselves. Loading this starts no TensorFlow.
 */
import { z } from 'zod';
import type { EncoderDescription, JsonSchema, PretextTaskDescription } from '../contract/catalogue.ts';
import { encoders } from './encoders/registry.ts';
import { belongingAsked, familiesFor, pretextTasks } from './pretext/registry.ts';

export {
  encoderDifferences,
  findEncoder,
  proposedOptions,
  reachOf,
  writtenEncoder,
  type EncoderChoice,
} from './encoders/registry.ts';
export {
  belongingAsked,
  companionsOf,
  familyOfTask,
  findPretextTask,
  pretextOptions,
  writtenOptions,
} from './pretext/registry.ts';
export { requireShareable } from './pretext/shareable.ts';
export { companionDraw } from './pretext/parts/companions.ts';
export { randomStream } from './random.ts';
export { parseOptions } from '../contract/fields.ts';
export { advise, type AdvisorQuestion } from './advisor.ts';

const optionsSchema = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;

/** Encoders in the order of the registry. One id may stand for two networks, one for each kind of data. */
export function describeEncoders(): EncoderDescription[] {
  return encoders.map(({ id, title, summary, modalities, options }) => ({
    id,
    title,
    summary,
    modalities: [...modalities],
    options: optionsSchema(options),
  }));
}

/**
 * Pretext tasks in the order of the registry. Options that serve one kind of data only carry `modality` in
 * their schema; those that are rarely needed carry `advanced`.
 */
export function describePretextTasks(): PretextTaskDescription[] {
  return pretextTasks.map((task) => ({
    id: task.id,
    title: task.title,
    summary: task.summary,
    pseudoLabel: task.pseudoLabel,
    healthy: task.healthy,
    paper: task.paper,
    modalities: [...task.modalities],
    needsLabels: task.needsLabels ?? false,
    asks: belongingAsked(task.asks ?? []),
    accumulates: task.meanOverSamples ?? false,
    ...(task.channels && { channels: task.channels }),
    encoders: familiesFor(task),
    options: optionsSchema(task.options),
  }));
}
