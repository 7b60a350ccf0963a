-- Units of a signal's channels as the files write them, as JSON; null where they say nothing, or an earlier version
-- imported them.
ALTER TABLE datasets ADD COLUMN channel_units TEXT;
