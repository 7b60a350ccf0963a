/** What a stack of pages (TIFF) says that its pages are: OME-XML of microscopes, and what ImageJ writes. */

export interface StackMeaning {
  /** Who says it. */
  source: 'OME-XML' | 'ImageJ';
  channels: number;
  /** Focal planes, and points of time. */
  slices: number;
  times: number;
  channelNames: string[];
}

/**
 * @param description the first page's ImageDescription
 * @returns null where it says nothing of pages, or of another number than there are
 */
export function stackMeaning(description: string, pages: number): StackMeaning | null {
  const found = description.startsWith('ImageJ=') ? ofImageJ(description) : ofOme(description);
  return found && found.channels * found.slices * found.times === pages ? found : null;
}

/** Lines of `name=value`; what is left out is 1. */
function ofImageJ(description: string): StackMeaning | null {
  const values = new Map(
    description.split('\n').flatMap((line) => {
      const found = /^(images|channels|slices|frames)=(\d+)\s*$/.exec(line);
      return found ? [[found[1]!, Number(found[2])] as const] : [];
    }),
  );
  if (!['channels', 'slices', 'frames'].some((name) => values.has(name))) return null;
  const count = (name: string) => values.get(name) ?? 1;
  return {
    source: 'ImageJ',
    channels: count('channels'),
    slices: count('slices'),
    times: count('frames'),
    channelNames: [],
  };
}

/** Sizes of the first image; names of its channels (OME Data Model, `Pixels` and `Channel`). */
function ofOme(description: string): StackMeaning | null {
  const begin = /<(?:\w+:)?Pixels\b([^>]*)>/.exec(description);
  if (!begin) return null;
  const own = description.slice(begin.index).split(/<\/(?:\w+:)?Pixels>/)[0]!;
  const size = (name: string) => Number(attribute(begin[1]!, name) ?? '1');
  const channelNames = [...own.matchAll(/<(?:\w+:)?Channel\b([^>]*)>/g)].flatMap(
    ([, attributes = '']) => attribute(attributes, 'Name') ?? [],
  );
  return {
    source: 'OME-XML',
    channels: size('SizeC'),
    slices: size('SizeZ'),
    times: size('SizeT'),
    channelNames,
  };
}

function attribute(attributes: string, name: string): string | null {
  const found = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  return found ? (found[1] ?? found[2]!) : null;
}

/** Whether all pages are channels, so that nothing has to be asked. */
export const areChannels = ({ channels, slices, times }: StackMeaning): boolean =>
  channels > 1 && slices === 1 && times === 1;

/** "OME-XML in it says: 2 channels (DAPI, GFP), 3 points of time". */
export function meaningWords({ source, channels, slices, times, channelNames }: StackMeaning): string {
  const names = channelNames.length === channels ? ` (${channelNames.slice(0, 8).join(', ')})` : '';
  const parts = [
    ...(channels > 1 ? [`${channels} channels${names}`] : []),
    ...(slices > 1 ? [`${slices} focal planes`] : []),
    ...(times > 1 ? [`${times} points of time`] : []),
  ];
  return `${source === 'ImageJ' ? 'What ImageJ wrote into it' : 'OME-XML in it'} says: ${parts.join(', ')}.`;
}
