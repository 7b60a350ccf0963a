-- What the numbers of a table's rows are, as JSON.
ALTER TABLE datasets ADD COLUMN columns TEXT;

-- Which recording a window is cut from, by number; null where samples are no parts of recordings, or were imported by a
-- version that did not keep it.
ALTER TABLE samples ADD COLUMN recording INTEGER;
