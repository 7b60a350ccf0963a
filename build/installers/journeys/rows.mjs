// What a journey found, row by row, and how it is printed.

/**
 * Carries out the steps of a journey in order; a step that fails ends the journey, and the rest is told as not tried.
 * @param {string} journey
 * @param {[string, () => Promise<string> | string][]} steps what is done, and what doing it answers in words
 * @returns {Promise<{ journey: string, step: string, state: 'passed' | 'failed' | 'not tried', seconds: number, words: string }[]>}
 */
export async function walk(journey, steps) {
  const rows = [];
  let failed = false;
  for (const [step, act] of steps) {
    const start = Date.now();
    let words = '';
    let state = 'not tried';
    if (!failed) {
      try {
        words = (await act()) ?? '';
        state = 'passed';
      } catch (error) {
        words = error.message;
        state = 'failed';
        failed = true;
      }
    }
    const seconds = (Date.now() - start) / 1000;
    rows.push({ journey, step, state, seconds, words });
    process.stderr.write(
      `[journey] ${journey}: ${step}: ${state}${words ? `: ${words.slice(0, 3000)}` : ''}\n`,
    );
  }
  return rows;
}

/** @param {Awaited<ReturnType<typeof walk>>} rows */
export function renderRows(rows) {
  const cells = rows.map(({ journey, step, state, seconds, words }) => [
    journey,
    step,
    state,
    `${seconds.toFixed(1)} s`,
    words.split('\n')[0].slice(0, 90),
  ]);
  const head = ['journey', 'step', 'result', 'time', 'found'];
  const widths = head.map((name, at) => Math.max(name.length, ...cells.map((row) => row[at].length)));
  const line = (row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at]))
      .join('  ')
      .trimEnd();
  return `${[head, widths.map((width) => '-'.repeat(width)), ...cells].map(line).join('\n')}\n`;
}
