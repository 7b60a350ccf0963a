-- What a model answered for every test sample: a file for each seed of a run, and what blocks of test samples
-- contribute to its score (64-bit numbers, little-endian), from which intervals are made.
CREATE TABLE answers (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  seed INTEGER NOT NULL,
  file TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  influences BLOB NOT NULL,
  PRIMARY KEY (run_id, seed)
) STRICT;
