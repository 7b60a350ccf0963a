-- Several labels or numbers of a sample: float32, little-endian, in the order of the dataset's classes, NaN for unknown;
-- labels are 1 or 0. Null where a sample has one label or number. `number` then tells how many are known.
ALTER TABLE samples ADD COLUMN targets BLOB;
