-- Searches for copies between two datasets: held-out samples of one among training samples of the other.
CREATE TABLE copy_searches (
  held_out_key INTEGER NOT NULL REFERENCES datasets (key) ON DELETE CASCADE,
  seen_key INTEGER NOT NULL REFERENCES datasets (key) ON DELETE CASCADE,
  checked_at TEXT NOT NULL,
  seconds REAL NOT NULL,
  -- 0: windows of different lengths or channels, which cannot be compared.
  comparable INTEGER NOT NULL,
  PRIMARY KEY (held_out_key, seen_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE copies_between (
  held_out_key INTEGER NOT NULL,
  seen_key INTEGER NOT NULL,
  held_out INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  exact INTEGER NOT NULL,
  likeness REAL NOT NULL,
  PRIMARY KEY (held_out_key, seen_key, held_out, seen),
  FOREIGN KEY (held_out_key, seen_key) REFERENCES copy_searches (held_out_key, seen_key) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
