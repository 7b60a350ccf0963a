-- Runs that make a model at a person's word, of what others of their study found: they measure nothing.
ALTER TABLE runs ADD COLUMN making TEXT;
