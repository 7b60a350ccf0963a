-- What a search for copies across splits found, in short (JSON); null where nobody has searched yet.
ALTER TABLE datasets ADD COLUMN copies TEXT;

-- Pairs of a validation or test sample and a training sample that are (nearly) the same.
CREATE TABLE copies (
  dataset_key INTEGER NOT NULL REFERENCES datasets (key) ON DELETE CASCADE,
  held_out INTEGER NOT NULL,
  training INTEGER NOT NULL,
  exact INTEGER NOT NULL,
  likeness REAL NOT NULL,
  PRIMARY KEY (dataset_key, held_out, training)
) STRICT, WITHOUT ROWID;

-- Split code 3 in samples: left out of training, as it is a copy of a validation or test sample.
