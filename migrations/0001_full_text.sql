-- Full text over the words of pins. Content stays in `pins`; its rowids are stable because D1 never runs VACUUM.
CREATE VIRTUAL TABLE pins_text USING fts5(title, description, category, content='pins', content_rowid='rowid', tokenize='unicode61 remove_diacritics 2');
--> statement-breakpoint
CREATE TRIGGER pins_text_insert AFTER INSERT ON pins BEGIN
  INSERT INTO pins_text (rowid, title, description, category) VALUES (new.rowid, new.title, new.description, new.category);
END;
--> statement-breakpoint
CREATE TRIGGER pins_text_delete AFTER DELETE ON pins BEGIN
  INSERT INTO pins_text (pins_text, rowid, title, description, category) VALUES ('delete', old.rowid, old.title, old.description, old.category);
END;
--> statement-breakpoint
CREATE TRIGGER pins_text_update AFTER UPDATE OF title, description, category ON pins BEGIN
  INSERT INTO pins_text (pins_text, rowid, title, description, category) VALUES ('delete', old.rowid, old.title, old.description, old.category);
  INSERT INTO pins_text (rowid, title, description, category) VALUES (new.rowid, new.title, new.description, new.category);
END;
