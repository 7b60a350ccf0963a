/** What an import of delimited text would find: the plan, in words and as a grid. */
import { ENCODING_TITLES } from '../delimited/encoding.ts';
import { DELIMITER_TITLES } from '../delimited/lines.ts';
import type { DelimitedPlan } from '../delimited/plan-types.ts';
import { formatRate } from '../delimited/time.ts';
import { createIssueList } from '../reading/issues.ts';
import { countPlaces } from '../reading/placed.ts';
import type { ImportOptions } from '../../contract/recipe/recipe.ts';
import type { Listing } from '../reading/listing.ts';
import type { Found } from '../reading/types.ts';
import { kindOfImport } from './kind-of-import.ts';
import { preparationWords } from './preparation/plan.ts';
import type { TextOptions } from './recorded/options.ts';
import { shortDoubts } from './short-recordings.ts';
import { planSignals } from './signal-plan.ts';

const SHOWN_ROWS = 6;
const SHOWN_PROBLEMS = 3;
const AS_TABLE =
  'Rows are taken to follow each other in time. Where each is a sample of its own, choose the format “delimited-table”.';

export async function inspectSignals(
  listing: Listing,
  options: ImportOptions,
  own: TextOptions,
): Promise<Found> {
  const { placing, named, files, plan, prepared, rate, rows, unreadable } = await planSignals(
    listing,
    options,
    own,
    createIssueList(),
  );
  const notes = [`${files.length} text ${files.length === 1 ? 'file' : 'files'}, one recording each.`];
  for (const { path, message } of unreadable.slice(0, SHOWN_PROBLEMS)) notes.push(`“${path}”: ${message}`);
  if (!plan) return { classes: [], notes };
  const places = countPlaces(placing, named, options);
  const fromFiles = plan.labelFrom === 'file';
  const { resampleTo, windowLength } = options.signals;
  const ratio = resampleTo && plan.samplingRate ? resampleTo / plan.samplingRate : 1;
  const windowRows = rows.map((count) => count && Math.ceil(count * ratio));
  return {
    ...places,
    // Where a column holds the labels, folders are no classes, whatever they are called.
    ...(fromFiles ? {} : { classes: [], unlabeled: 0, labelsFrom: sourceOf(plan) }),
    columns: plan.columns.map(({ name }) => name),
    exampleRows: plan.dialect.rows.slice(0, SHOWN_ROWS),
    notes: [...notes, ...planNotes(plan), ...preparationWords(prepared), ...places.notes, AS_TABLE],
    signalKind: kindOfImport(
      prepared,
      plan.channels.map(({ column: { unit } }) => unit),
      rate,
      options,
      listing.path,
    ),
    preparation: { rate, channels: plan.channels.length },
    doubts: [...(fromFiles ? places.doubts : []), ...plan.doubts, ...shortDoubts(windowRows, windowLength)],
    grid: plan.columns.map(({ name, unit, role, why, isDoubtful }) => ({
      name,
      unit,
      role,
      why,
      isDoubtful,
    })),
  };
}

const sourceOf = ({ labelFrom }: DelimitedPlan) => (labelFrom === 'column' ? 'column' : 'nothing');

function planNotes(plan: DelimitedPlan): string[] {
  const { dialect, format, channels, label, time, groups, samplingRate, rateFrom } = plan;
  const decimals = format.decimal === ',' ? ', decimal commas' : '';
  const thousands = format.thousands === '' ? '' : `, thousands grouped as 1${format.thousands}234`;
  const header = dialect.header ? `names in a header` : 'without a header';
  const notes = [
    `${dialect.columnCount} columns, parted by ${DELIMITER_TITLES[dialect.delimiter]}${decimals}${thousands}, ${header}, ${ENCODING_TITLES[plan.encoding]}.`,
    `${channels.length} ${channels.length === 1 ? 'channel' : 'channels'}: ${listed(channels.map(({ name }) => name))}.`,
  ];
  if (dialect.dataLine > (dialect.header ? 1 : 0)) notes.push(`Data begin in line ${dialect.dataLine + 1}.`);
  if (samplingRate !== null) {
    const from = { told: 'as given', stated: 'as the file says', time: `from “${time?.name}”` };
    notes.push(`${formatRate(samplingRate)}, ${from[rateFrom ?? 'told']}.`);
  }
  if (label) notes.push(`Labels for every sample from “${label.name}”: ${listed([...label.facts.values])}.`);
  if (groups.length > 0) notes.push(`Recordings belong to “${groups.map(({ name }) => name).join(' + ')}”.`);
  return notes;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(', ');
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}
