/** Data of every kind, from files to batches. */
export { figureFiles } from './images/figure-png.ts';
export { importDataset } from './import.ts';
export { currentOptions } from './catalogue.ts';
export { inspect } from './inspect.ts';
export { previewPreparation } from './preview.ts';
export { buildPyramid } from './signals/pyramid/build.ts';
export { PYRAMID_VERSION } from './signals/pyramid/layout.ts';
export { openTiles, type TileSource } from './signals/pyramid/tiles.ts';
export { naturalOrder } from './reading/listing.ts';
export { openShard, type ShardReader } from './shards/reader.ts';
export { measureRecordings, openSamples } from './shards/recording-scales.ts';
export { verifyShard } from './shards/verify.ts';
export {
  createBatchSource,
  type BatchPlace,
  type Beside,
  type Batch,
  type BatchSource,
  type BatchSourceRequest,
} from './shards/batches.ts';
export { placeOnHead } from './signals/together/electrode-positions.ts';
export { harmonise, planHarmonisation } from './harmonise.ts';
export { planNewSamples, readNewSamples, type NewSamples, type NewSamplesPlan } from './new-samples.ts';
export { inDecimals, optionsFor } from './new-options.ts';
export type { DataModality } from './modalities/modality.ts';
export type { CommonForm, Source } from './together/request.ts';
export { panelsOf } from './modalities/panels.ts';
export { dataModality } from './modalities/registry.ts';
export { findCopies, findCopiesBetween, groupCopies, type CopyPair, type CopySearch } from './copies/find.ts';
export { createPacer } from './breathe.ts';
export { createProgressMeter } from './reading/progress.ts';
export { comparable, SEARCH_PHASES, type Watch as CopyWatch } from './copies/search.ts';
export { describeColumns } from './tables/describe.ts';
export { orderRows } from './tables/order.ts';
export { relate } from './tables/relation.ts';
export { channelStatistics } from './shards/statistics.ts';
export type { ImportedDataset, ImportedSamples, ImportRequest, Reader } from './reading/types.ts';
export type { DataProgress } from './reading/progress.ts';
