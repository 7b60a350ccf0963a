-- Large changes of a dataset are written in pieces, beside what counts, and then published by one row: a reader sees
-- the state before or the state after, also where the process that made them was killed.

-- Who changes a dataset right now. A row whose process is gone: what it wrote beside is cleared by the next change.
CREATE TABLE dataset_changes (
  dataset_key INTEGER PRIMARY KEY REFERENCES datasets (key) ON DELETE CASCADE,
  token TEXT NOT NULL,
  pid INTEGER NOT NULL,
  host TEXT NOT NULL,
  birth TEXT,
  heartbeat_ms INTEGER NOT NULL
) STRICT;

-- The labels in force are those of the version that the dataset names, not all that are not replaced yet.
DROP INDEX labels_by_class;
CREATE INDEX labels_by_class ON labels (dataset_key, class_id, position, version, until);

-- How many samples stood where by a version's labels (JSON), and since when copies had been left out then. Null: of a
-- version from before this was kept.
ALTER TABLE label_versions ADD COLUMN counts TEXT;

-- Which search in copies counts.
ALTER TABLE datasets ADD COLUMN copy_search INTEGER NOT NULL DEFAULT 0;
CREATE TABLE copies_by_search (
  dataset_key INTEGER NOT NULL REFERENCES datasets (key) ON DELETE CASCADE,
  search INTEGER NOT NULL DEFAULT 0,
  held_out INTEGER NOT NULL,
  training INTEGER NOT NULL,
  exact INTEGER NOT NULL,
  likeness REAL NOT NULL,
  PRIMARY KEY (dataset_key, search, held_out, training)
) STRICT, WITHOUT ROWID;
INSERT INTO copies_by_search (dataset_key, held_out, training, exact, likeness)
  SELECT dataset_key, held_out, training, exact, likeness FROM copies;
DROP TABLE copies;
ALTER TABLE copies_by_search RENAME TO copies;

-- Split code 3 in samples is that of a copy: it is left out while the dataset's copies are (leftOutAt), and a training
-- sample otherwise.

-- Which search in copies_between counts; -1 while the first has not ended.
ALTER TABLE copy_searches ADD COLUMN search INTEGER NOT NULL DEFAULT 0;
CREATE TABLE copies_between_by_search (
  held_out_key INTEGER NOT NULL,
  seen_key INTEGER NOT NULL,
  search INTEGER NOT NULL DEFAULT 0,
  held_out INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  exact INTEGER NOT NULL,
  likeness REAL NOT NULL,
  PRIMARY KEY (held_out_key, seen_key, search, held_out, seen),
  FOREIGN KEY (held_out_key, seen_key) REFERENCES copy_searches (held_out_key, seen_key) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO copies_between_by_search (held_out_key, seen_key, held_out, seen, exact, likeness)
  SELECT held_out_key, seen_key, held_out, seen, exact, likeness FROM copies_between;
DROP TABLE copies_between;
ALTER TABLE copies_between_by_search RENAME TO copies_between;
