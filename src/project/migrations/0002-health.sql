-- Collapses and divergences of a run, as JSON in the order they were noticed.
ALTER TABLE runs ADD COLUMN findings TEXT NOT NULL DEFAULT '[]';

-- What a checkpoint's score is; null for checkpoints of fine-tuning, and of versions that had one score only.
ALTER TABLE checkpoints ADD COLUMN score_of TEXT;
