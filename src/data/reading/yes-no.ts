/** Words for no and yes, in small letters. */
export const YES_NO = [
  ['no', 'yes'],
  ['false', 'true'],
  ['n', 'y'],
  ['f', 't'],
  ['0', '1'],
];

/** 1 for a word that means yes, 0 for one that means no (also 1.0 and 0.0); NaN for any other. */
export function yesOrNo(cell: string): number {
  const word = cell
    .trim()
    .toLowerCase()
    .replace(/^([01])\.0*$/, '$1');
  const pair = YES_NO.find((words) => words.includes(word));
  return pair ? pair.indexOf(word) : Number.NaN;
}
