-- Labels since the import, which stays as it was in `samples`. Each change is a version of a dataset's labels; version 0
-- is the import, and has a row once there are others.
CREATE TABLE label_versions (
  dataset_key INTEGER NOT NULL REFERENCES datasets (key) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  made_at TEXT NOT NULL,
  -- import, hand, file or undo
  made_by TEXT NOT NULL,
  -- How many samples it changed, and how many of them are test samples.
  samples INTEGER NOT NULL,
  tests INTEGER NOT NULL,
  -- Names by class_id (JSON), where they differ from those of the version before.
  classes TEXT,
  -- The version whose labels an undo brought back.
  restores INTEGER,
  PRIMARY KEY (dataset_key, version)
) STRICT, WITHOUT ROWID;

-- A label that differs from the import's: it counts since `version`, until the version that replaced it (null: still).
CREATE TABLE labels (
  dataset_key INTEGER NOT NULL REFERENCES datasets (key) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  version INTEGER NOT NULL,
  until INTEGER,
  class_id INTEGER NOT NULL,
  number REAL,
  -- 1: the sample is part of no split.
  left_out INTEGER NOT NULL,
  PRIMARY KEY (dataset_key, position, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX labels_by_class ON labels (dataset_key, class_id, position) WHERE until IS NULL;

-- In short, as JSON: the newest version, when it was made, and how many samples differ from the import. Null: none does.
ALTER TABLE datasets ADD COLUMN labels TEXT;

-- Which version of each dataset's labels the runs of a study use, as JSON by id; null until the first of them begins.
ALTER TABLE studies ADD COLUMN label_versions TEXT;
