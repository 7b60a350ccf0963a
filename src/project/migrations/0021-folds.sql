-- By what the groups of a dataset can be taken together (participant of participant+session): a value for each of its
-- groups. Datasets of earlier versions have none: their groups are known as they are.
CREATE TABLE group_levels (
  dataset_key INTEGER NOT NULL REFERENCES datasets (key) ON DELETE CASCADE,
  level TEXT NOT NULL,
  group_name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (dataset_key, level, group_name)
) STRICT, WITHOUT ROWID;

-- Which groups train, validate and test in each fold of a study (JSON), as they were dealt before its first run.
CREATE TABLE folds (
  study_id TEXT NOT NULL REFERENCES studies (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  groups TEXT NOT NULL,
  PRIMARY KEY (study_id, number)
) STRICT, WITHOUT ROWID;

-- What a run saw: samples and groups of each part (JSON), counted when it began, and how many groups stood in several.
CREATE TABLE run_parts (
  run_id TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  parts TEXT NOT NULL,
  parted INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
