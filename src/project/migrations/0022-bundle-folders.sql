-- Bundles of jobs that were packed from this project: where each lay last, and which engine it was handed to.
CREATE TABLE bundles (
  id TEXT PRIMARY KEY,
  study_id TEXT NOT NULL REFERENCES studies (id) ON DELETE CASCADE,
  folder TEXT NOT NULL,
  jobs INTEGER NOT NULL,
  engine TEXT,
  packed_at TEXT NOT NULL
) STRICT;
CREATE INDEX bundles_by_study ON bundles (study_id, packed_at);
