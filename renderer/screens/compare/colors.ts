/** Accent is what started pretrained, quiet grey the baseline; probes share the accent, hollow. */
import type { Arm } from '../../../src/contract/recipe/recipe.ts';

export const armColor = (arm: Arm) => (arm === 'baseline' ? 'var(--baseline)' : 'var(--accent)');
/** The two arms of the answer are solid, the others step back. */
export const armStrength = (arm: Arm) => (arm === 'pretrained' || arm === 'baseline' ? 1 : 0.6);
