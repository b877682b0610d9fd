CREATE TABLE `experiments` (
	`id` text PRIMARY KEY NOT NULL,
	`layer` text NOT NULL,
	`definition` text NOT NULL,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`stopped_at` integer
);
--> statement-breakpoint
CREATE TABLE `exposures` (
	`experiment_id` text NOT NULL,
	`user_id` text NOT NULL,
	`variant` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`experiment_id`, `user_id`)
);
--> statement-breakpoint
CREATE TABLE `models` (
	`version` text PRIMARY KEY NOT NULL,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	`dimensions` integer NOT NULL,
	`users` integer NOT NULL,
	`pins` integer NOT NULL,
	`saves` integer NOT NULL,
	`metrics` text,
	`note` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `models_created` ON `models` (`created_at`);--> statement-breakpoint
CREATE TABLE `pin_models` (
	`pin_id` text NOT NULL,
	`model` text NOT NULL,
	`item` integer NOT NULL,
	`vector` text NOT NULL,
	`neighbours` text NOT NULL,
	PRIMARY KEY(`pin_id`, `model`)
);
--> statement-breakpoint
CREATE INDEX `pin_models_item` ON `pin_models` (`model`,`item`);