// What set-up says while it works: plain lines on stderr, and failures that the reader can do something about.

/** A failure the reader can act on: what is missing, and how to get it. */
export class SetupError extends Error {
  /**
   * @param {string} message what was found
   * @param {string} remedy what to do about it
   */
  constructor(message, remedy) {
    super(message);
    this.name = 'SetupError';
    this.remedy = remedy;
  }
}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`[setup] ${line}\n`);
}

/** Says it, does it, says how long it took. */
export async function step(title, work) {
  const start = Date.now();
  say(`${title} …`);
  const result = await work();
  say(`${title}: done in ${((Date.now() - start) / 1000).toFixed(0)} s`);
  return result;
}

/** Runs a command line's main function; prints a SetupError without its stack and leaves with status 1. */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`\n${error.message}\n\n${error.remedy}\n`);
    process.exitCode = 1;
  }
}

/** @param {number} bytes */
export function megabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}
