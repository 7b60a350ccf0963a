-- Imports that are going on, each with the process that carries it out.
CREATE TABLE imports (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  pid INTEGER NOT NULL,
  host TEXT NOT NULL,
  -- When the process began; null where its system does not tell.
  birth TEXT,
  started_at TEXT NOT NULL,
  heartbeat_ms INTEGER NOT NULL
) STRICT;

ALTER TABLE lease ADD COLUMN birth TEXT;
