export { type Database, type Databases, databasesOf } from "./database.ts";
