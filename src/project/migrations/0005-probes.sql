-- How sure a probe of a pretext run is: its score on resamples of the validation samples, the same for every run.
CREATE TABLE probes (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  probe TEXT NOT NULL,
  resamples TEXT NOT NULL,
  PRIMARY KEY (run_id, probe)
) STRICT, WITHOUT ROWID;
