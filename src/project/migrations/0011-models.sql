-- Kept models: a folder each under models/, of that id. What model.json says stands here as well, so that a list needs no files.
CREATE TABLE models (
  id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  bytes INTEGER NOT NULL,
  model TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX models_by_run ON models (run_id);
