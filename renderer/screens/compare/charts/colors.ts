/** Accent is what started pretrained, quiet grey the baseline and references; all but the two of the answer are hollow. */
import { needsCheckpoint } from '../../../../src/contract/recipe/arms.ts';
import type { Arm } from '../../../../src/contract/recipe/recipe.ts';

export const armColor = (arm: Arm) => (needsCheckpoint(arm) ? 'var(--accent)' : 'var(--baseline)');
/** The two arms of the answer are solid, the others step back. */
export const armStrength = (arm: Arm) => (arm === 'pretrained' || arm === 'baseline' ? 1 : 0.6);
