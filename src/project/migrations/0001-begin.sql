-- The project as a whole: one row.
CREATE TABLE project (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL,
  created_at TEXT NOT NULL,
  created_with TEXT NOT NULL
) STRICT;

-- `key` is what a million sample rows refer to; `id` is what the rest of the program sees.
CREATE TABLE datasets (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  modality TEXT NOT NULL,
  shape TEXT NOT NULL,
  dtype TEXT NOT NULL,
  sample_count INTEGER NOT NULL,
  labeled_count INTEGER NOT NULL,
  target TEXT NOT NULL,
  classes TEXT NOT NULL,
  split TEXT NOT NULL,
  channel_names TEXT,
  sampling_rate REAL,
  channel_statistics TEXT NOT NULL,
  left_out_count INTEGER NOT NULL,
  noted_count INTEGER NOT NULL,
  source TEXT NOT NULL,
  import_options TEXT NOT NULL,
  shard TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  import_seconds REAL NOT NULL,
  created_at TEXT NOT NULL,
  removed_at TEXT
) STRICT;
CREATE UNIQUE INDEX datasets_by_name ON datasets (name) WHERE removed_at IS NULL;

-- Split codes: 0 train, 1 validation, 2 test. class_id -1: unlabeled, or a number target.
CREATE TABLE samples (
  dataset_key INTEGER NOT NULL REFERENCES datasets (key) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  source TEXT NOT NULL,
  byte_offset INTEGER NOT NULL,
  class_id INTEGER NOT NULL,
  number REAL,
  group_name TEXT,
  split INTEGER NOT NULL,
  PRIMARY KEY (dataset_key, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX samples_by_split ON samples (dataset_key, split, position);
CREATE INDEX samples_by_class ON samples (dataset_key, class_id, position);
CREATE INDEX samples_by_split_and_class ON samples (dataset_key, split, class_id, position);

CREATE TABLE issues (
  dataset_key INTEGER NOT NULL REFERENCES datasets (key) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  file TEXT NOT NULL,
  row INTEGER,
  reason TEXT NOT NULL,
  message TEXT NOT NULL,
  severity TEXT NOT NULL,
  PRIMARY KEY (dataset_key, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE studies (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  recipe TEXT NOT NULL,
  recipe_hash TEXT NOT NULL,
  base_folder TEXT,
  status TEXT NOT NULL,
  failure TEXT,
  import_seconds REAL NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  finished_at TEXT,
  removed_at TEXT
) STRICT;
CREATE INDEX studies_by_recipe ON studies (recipe_hash);

CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  study_id TEXT NOT NULL REFERENCES studies (id) ON DELETE CASCADE,
  position INTEGER NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL,
  task TEXT,
  arm TEXT,
  budget TEXT,
  datasets TEXT NOT NULL,
  checkpoint_id TEXT,
  progress TEXT,
  failure TEXT,
  environment TEXT,
  config TEXT NOT NULL,
  selection_hash TEXT,
  restarts INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  started_at TEXT,
  finished_at TEXT,
  seconds REAL NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX runs_by_study ON runs (study_id, position);
CREATE INDEX runs_by_status ON runs (status, position);

CREATE TABLE run_needs (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  needed_run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  PRIMARY KEY (run_id, needed_run_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE metrics (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  epoch REAL NOT NULL,
  "values" TEXT NOT NULL,
  PRIMARY KEY (run_id, step)
) STRICT, WITHOUT ROWID;

-- The last checkpoint's forerunner is kept as `superseded`, to fall back on when the last one cannot be read.
CREATE TABLE checkpoints (
  id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  step INTEGER NOT NULL,
  epoch REAL NOT NULL,
  file TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  score REAL,
  superseded INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX checkpoints_by_run ON checkpoints (run_id, kind, step);

CREATE TABLE transfers (
  id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE REFERENCES runs (id) ON DELETE CASCADE,
  checkpoint_id TEXT NOT NULL,
  report TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE results (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  seed INTEGER NOT NULL,
  result TEXT NOT NULL,
  PRIMARY KEY (run_id, seed)
) STRICT, WITHOUT ROWID;

-- What a service that does not own the queue asks of the one that does.
CREATE TABLE requests (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  action TEXT NOT NULL,
  run_id TEXT,
  study_id TEXT,
  created_at TEXT NOT NULL,
  handled_at TEXT,
  failure TEXT
) STRICT;
CREATE INDEX requests_open ON requests (id) WHERE handled_at IS NULL;

-- Which service runs the queue: at most one row.
CREATE TABLE lease (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  token TEXT NOT NULL,
  pid INTEGER NOT NULL,
  host TEXT NOT NULL,
  heartbeat_ms INTEGER NOT NULL
) STRICT;
