CREATE TABLE `actions` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`pin_id` text NOT NULL,
	`type` text NOT NULL,
	`region` text NOT NULL,
	`occurred_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `actions_user` ON `actions` (`user_id`,`occurred_at`);--> statement-breakpoint
CREATE INDEX `actions_occurred` ON `actions` (`occurred_at`);--> statement-breakpoint
CREATE TABLE `board_collaborators` (
	`board_id` text NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`board_id`, `user_id`)
);
--> statement-breakpoint
CREATE TABLE `boards` (
	`id` text PRIMARY KEY NOT NULL,
	`owner_id` text NOT NULL,
	`name` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`visibility` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `boards_owner` ON `boards` (`owner_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `follows` (
	`follower_id` text NOT NULL,
	`target_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`follower_id`, `target_id`)
);
--> statement-breakpoint
CREATE INDEX `follows_follower` ON `follows` (`follower_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`user_id` text NOT NULL,
	`key` text NOT NULL,
	`pin_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_created` ON `idempotency_keys` (`created_at`);--> statement-breakpoint
CREATE TABLE `originals` (
	`hash` text PRIMARY KEY NOT NULL,
	`content_type` text NOT NULL,
	`bytes` integer NOT NULL,
	`width` integer,
	`height` integer,
	`perceptual_hash` text,
	`colors` text,
	`embedding` blob,
	`features_version` integer,
	`first_pin_id` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `pins` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`board_id` text NOT NULL,
	`original_hash` text,
	`image_url` text,
	`title` text DEFAULT '' NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`link` text,
	`category` text,
	`status` text NOT NULL,
	`failure` text,
	`duplicate_of` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `pins_board` ON `pins` (`board_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `pins_user` ON `pins` (`user_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `pins_status` ON `pins` (`status`,`updated_at`);--> statement-breakpoint
CREATE INDEX `pins_original` ON `pins` (`original_hash`);--> statement-breakpoint
CREATE TABLE `saves` (
	`user_id` text NOT NULL,
	`pin_id` text NOT NULL,
	`board_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `pin_id`, `board_id`)
);
--> statement-breakpoint
CREATE INDEX `saves_user` ON `saves` (`user_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `saves_board` ON `saves` (`board_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `saves_pin` ON `saves` (`pin_id`);--> statement-breakpoint
CREATE TABLE `trending_hours` (
	`region` text NOT NULL,
	`hour` integer NOT NULL,
	`pin_id` text NOT NULL,
	`weight` integer NOT NULL,
	PRIMARY KEY(`region`, `hour`, `pin_id`)
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`handle` text NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_handle_unique` ON `users` (`handle`);