-- What a finished study keeps of its datasets (splits, classes, counts, copies), as JSON: they may be renamed or removed.
ALTER TABLE studies ADD COLUMN facts TEXT;
