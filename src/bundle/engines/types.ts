/** An engine places, queues, limits and repeats jobs on other machines; the program writes scripts for it that one can read. */
import type { Bundle } from '../../contract/elsewhere/bundle.ts';
import type { EngineWishes } from '../../contract/elsewhere/engine.ts';

export interface EngineScript {
  /** In the bundle's folder `engine`. */
  name: string;
  text: string;
}

export interface EngineTask {
  bundle: Bundle;
  /** Where the bundle lies, as the machines see it. */
  folder: string;
  /** The command line of the program, as the machines' shells take it. */
  command: string;
  wishes: EngineWishes;
}

export interface Engine {
  id: string;
  title: string;
  /** The program that its `submit.sh` starts: without it on this computer the scripts can only be written. */
  program: string;
  /** Which wishes it heeds, in the order of a form. */
  wishes: readonly (keyof EngineWishes)[];
  /** `submit.sh [JOBS]` hands over all jobs, or those named; `cancel.sh` takes them back. Throws what is missing. */
  scripts(task: EngineTask): EngineScript[];
  /** A file in the bundle's folder `engine` that its `submit.sh` leaves once the engine has taken jobs. */
  mark: string;
  /** A command that prints what the engine itself knows of the jobs; null where it knows no more than they say. */
  states: string | null;
  /** A command that prints a line for each job that still waits or runs there; null where `submit.sh` stays until its end. */
  open: string | null;
}
