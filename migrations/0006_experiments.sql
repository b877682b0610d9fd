ALTER TABLE `experiments` ADD `traffic` real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `experiments` ADD `ranges` text DEFAULT '[]' NOT NULL;