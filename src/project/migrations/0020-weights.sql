-- How much a sample counts in losses and scores, above 0. Null where all count alike.
ALTER TABLE samples ADD COLUMN weight REAL;
