-- Runs that were packed as jobs of a bundle, for other machines: which job of which bundle, and how many lines of its
-- journal have come back. A run that is packed again is a job of the latest bundle alone.
CREATE TABLE away_runs (
  run_id TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  bundle TEXT NOT NULL,
  job INTEGER NOT NULL,
  merged INTEGER NOT NULL DEFAULT 0,
  packed_at TEXT NOT NULL
) STRICT;
CREATE INDEX away_runs_by_bundle ON away_runs (bundle, job);
