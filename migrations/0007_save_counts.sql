CREATE TABLE `save_counts` (
	`pin_id` text PRIMARY KEY NOT NULL,
	`saves` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `save_counts_top` ON `save_counts` (`saves`,`pin_id`);--> statement-breakpoint
INSERT INTO save_counts (pin_id, saves) SELECT pin_id, count(*) FROM saves GROUP BY pin_id;
--> statement-breakpoint
-- Without ON CONFLICT, for in a trigger the policy of the statement that fires it would hold in its place.
CREATE TRIGGER save_counts_insert AFTER INSERT ON saves BEGIN
  INSERT INTO save_counts (pin_id, saves) SELECT new.pin_id, 0 WHERE NOT EXISTS (SELECT 1 FROM save_counts WHERE pin_id = new.pin_id);
  UPDATE save_counts SET saves = saves + 1 WHERE pin_id = new.pin_id;
END;
--> statement-breakpoint
CREATE TRIGGER save_counts_delete AFTER DELETE ON saves BEGIN
  UPDATE save_counts SET saves = saves - 1 WHERE pin_id = old.pin_id;
  DELETE FROM save_counts WHERE pin_id = old.pin_id AND saves < 1;
END;
