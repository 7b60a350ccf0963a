import { expect, test } from 'vitest';
import {
  areChannels,
  meaningWords,
  stackMeaning,
} from '../../../../../src/data/images/formats/stack-words.ts';

const ome = (sizes: string, inside = '') =>
  `<?xml version="1.0"?><OME><Image ID="Image:0"><Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint8" SizeX="12" ${sizes}>${inside}</Pixels></Image></OME>`;

test('OME-XML tells channels with their names, planes and times', () => {
  const named = '<Channel ID="Channel:0:0" Name="DAPI"/><Channel Name="GFP" ID="Channel:0:1"></Channel>';
  const channels = stackMeaning(ome('SizeZ="1" SizeC="2" SizeT="1"', named), 2)!;
  expect(channels).toEqual({
    source: 'OME-XML',
    channels: 2,
    slices: 1,
    times: 1,
    channelNames: ['DAPI', 'GFP'],
  });
  expect(areChannels(channels)).toBe(true);
  expect(meaningWords(channels)).toBe('OME-XML in it says: 2 channels (DAPI, GFP).');
  const planes = stackMeaning(ome("SizeT='3' SizeC='2' SizeZ='5'"), 30)!;
  expect(areChannels(planes)).toBe(false);
  expect(meaningWords(planes)).toBe('OME-XML in it says: 2 channels, 5 focal planes, 3 points of time.');
});

test('ImageJ leaves out what is one', () => {
  const found = stackMeaning('ImageJ=1.53t\nimages=6\nchannels=2\nframes=3\nhyperstack=true\n', 6)!;
  expect(found).toMatchObject({ source: 'ImageJ', channels: 2, slices: 1, times: 3 });
  expect(meaningWords(found)).toBe('What ImageJ wrote into it says: 2 channels, 3 points of time.');
});

test('what says nothing of pages, or of others, is not heeded', () => {
  expect(stackMeaning('ImageJ=1.53t\nimages=6\nunit=um\n', 6)).toBeNull();
  expect(stackMeaning('taken on a Monday', 3)).toBeNull();
  // One of several files of an OME set: pages of the others lie elsewhere.
  expect(stackMeaning(ome('SizeZ="1" SizeC="4" SizeT="1"'), 2)).toBeNull();
});
