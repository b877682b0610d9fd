export { countActions, visibleEmbeddings } from "./actions.ts";
export { type Database, type Databases, databasesOf } from "./database.ts";
