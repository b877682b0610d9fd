ALTER TABLE `models` ADD `progress` real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `models` ADD `locked_until` integer DEFAULT 0 NOT NULL;