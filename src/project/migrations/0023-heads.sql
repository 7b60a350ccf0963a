-- A run that trains heads of several datasets at once has a result, and answers, of each: `head` is the place of the
-- dataset among those of the run.
-- Its columns stand in such an order that no row looks like one of metrics: a repair tells rows apart by their values.
CREATE TABLE results_by_head (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  seed INTEGER NOT NULL,
  result TEXT NOT NULL,
  head INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (run_id, head, seed)
) STRICT;
INSERT INTO results_by_head (run_id, seed, result) SELECT run_id, seed, result FROM results;
DROP TABLE results;
ALTER TABLE results_by_head RENAME TO results;

CREATE TABLE answers_by_head (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  head INTEGER NOT NULL DEFAULT 0,
  seed INTEGER NOT NULL,
  file TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  influences BLOB NOT NULL,
  PRIMARY KEY (run_id, head, seed)
) STRICT;
INSERT INTO answers_by_head (run_id, seed, file, bytes, sha256, influences)
  SELECT run_id, seed, file, bytes, sha256, influences FROM answers;
DROP TABLE answers;
ALTER TABLE answers_by_head RENAME TO answers;
