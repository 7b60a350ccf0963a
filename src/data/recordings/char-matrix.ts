/** MATLAB's older way to keep several names: a matrix of characters, a row a name, filled up with blanks. */

/**
 * Characters of one or two bytes, whatever MATLAB wrote.
 * @param codes UTF-8 where they are bytes, UTF-16 otherwise
 */
export function lettersOf(codes: readonly number[], areBytes: boolean): string {
  if (areBytes) return Buffer.from(codes).toString('utf8');
  let letters = '';
  // Each call takes its arguments from the stack.
  for (let at = 0; at < codes.length; at += 8192)
    letters += String.fromCharCode(...codes.slice(at, at + 8192));
  return letters;
}

/**
 * @param letters [rows, columns], column by column
 * @returns each row without the blanks at its end; all letters as one text where they are no matrix
 */
export function textRows(letters: string, rowCount: number): string[] {
  if (rowCount <= 1 || letters.length % rowCount !== 0) return [letters];
  const columns = letters.length / rowCount;
  return Array.from({ length: rowCount }, (_, row) => {
    let text = '';
    for (let column = 0; column < columns; column += 1) text += letters[row + column * rowCount];
    return text.replace(/[ \0]+$/, '');
  });
}
