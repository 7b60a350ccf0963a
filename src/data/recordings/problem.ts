/** Why a recording cannot be read: its file is left out, and the person is told the reason. */
export class RecordingProblem extends Error {
  /** As issues are counted by: `broken`, `unsupported`, `empty`. */
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.name = 'RecordingProblem';
    this.reason = reason;
  }
}

/** Something in the file contradicts itself or ends too soon. */
export const broken = (message: string): RecordingProblem => new RecordingProblem('broken', message);

/** The file is whole, but of a kind that is not read. */
export const unsupported = (message: string): RecordingProblem =>
  new RecordingProblem('unsupported', message);
