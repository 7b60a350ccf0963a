-- The latest change of each dataset, study and run, in the order of changes: whoever looks on reads what is new, and
-- nothing else. Numbers are never used again; what was deleted keeps its row.
CREATE TABLE changes (
  revision INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  id TEXT NOT NULL UNIQUE
) STRICT;
CREATE TRIGGER datasets_changed_by_insert AFTER INSERT ON datasets BEGIN
  DELETE FROM changes WHERE id = NEW.id;
  INSERT INTO changes (kind, id) VALUES ('dataset', NEW.id);
END;

CREATE TRIGGER datasets_changed_by_update AFTER UPDATE ON datasets BEGIN
  DELETE FROM changes WHERE id = NEW.id;
  INSERT INTO changes (kind, id) VALUES ('dataset', NEW.id);
END;

CREATE TRIGGER datasets_changed_by_delete AFTER DELETE ON datasets BEGIN
  DELETE FROM changes WHERE id = OLD.id;
  INSERT INTO changes (kind, id) VALUES ('dataset', OLD.id);
END;

CREATE TRIGGER studies_changed_by_insert AFTER INSERT ON studies BEGIN
  DELETE FROM changes WHERE id = NEW.id;
  INSERT INTO changes (kind, id) VALUES ('study', NEW.id);
END;

CREATE TRIGGER studies_changed_by_update AFTER UPDATE ON studies BEGIN
  DELETE FROM changes WHERE id = NEW.id;
  INSERT INTO changes (kind, id) VALUES ('study', NEW.id);
END;

CREATE TRIGGER studies_changed_by_delete AFTER DELETE ON studies BEGIN
  DELETE FROM changes WHERE id = OLD.id;
  INSERT INTO changes (kind, id) VALUES ('study', OLD.id);
END;

CREATE TRIGGER runs_changed_by_insert AFTER INSERT ON runs BEGIN
  DELETE FROM changes WHERE id = NEW.id;
  INSERT INTO changes (kind, id) VALUES ('run', NEW.id);
END;

CREATE TRIGGER runs_changed_by_update AFTER UPDATE ON runs BEGIN
  DELETE FROM changes WHERE id = NEW.id;
  INSERT INTO changes (kind, id) VALUES ('run', NEW.id);
END;

CREATE TRIGGER runs_changed_by_delete AFTER DELETE ON runs BEGIN
  DELETE FROM changes WHERE id = OLD.id;
  INSERT INTO changes (kind, id) VALUES ('run', OLD.id);
END;

-- How many groups stand in more than one split, as imported; null where nobody has counted yet.
ALTER TABLE datasets ADD COLUMN parted_groups INTEGER;
