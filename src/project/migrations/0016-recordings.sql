-- Where recordings lie in the shard of a dataset, and what is marked in them. Datasets of earlier versions get their
-- rows when somebody looks through them, from their samples.
CREATE TABLE recordings (
  dataset_key INTEGER NOT NULL REFERENCES datasets (key) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  path TEXT NOT NULL,
  byte_offset INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  begun TEXT,
  subject TEXT,
  stretches TEXT NOT NULL,
  PRIMARY KEY (dataset_key, number)
) STRICT, WITHOUT ROWID;

-- In the order of their first rows.
CREATE TABLE recording_marks (
  dataset_key INTEGER NOT NULL REFERENCES datasets (key) ON DELETE CASCADE,
  recording INTEGER NOT NULL,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  channel TEXT,
  first_row INTEGER NOT NULL,
  end_row INTEGER NOT NULL,
  PRIMARY KEY (dataset_key, recording, position)
) STRICT, WITHOUT ROWID;
