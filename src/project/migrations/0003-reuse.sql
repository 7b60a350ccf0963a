-- What a run's results depend on, as one hash: another run of the same hash need not be trained again.
ALTER TABLE runs ADD COLUMN identity TEXT;
ALTER TABLE runs ADD COLUMN reused TEXT;
CREATE INDEX runs_by_identity ON runs (identity) WHERE identity IS NOT NULL;
