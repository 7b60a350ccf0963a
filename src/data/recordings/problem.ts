/** What is said most often of recordings that cannot be read. */
import { FileProblem } from '../problem.ts';

/** Something in the file contradicts itself or ends too soon. */
export const broken = (message: string): FileProblem => new FileProblem('broken', message);

/** The file is whole, but of a kind that is not read. */
export const unsupported = (message: string): FileProblem => new FileProblem('unsupported', message);
