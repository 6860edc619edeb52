// The SQL migrations as single statements, split by the same code that wrangler applies them with.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { at } from "./root.mjs";
import { whenChanged } from "./stamp.mjs";

const file = at("build", "migrations.json");

/** The migrations in the order in which they apply. */
export const migrationFiles = () => {
  const folder = at("src", "edge", "migrations");
  const names = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  return names.sort().map((name) => at("src", "edge", "migrations", name));
};

/** Splits the migrations once, so that tests need not load wrangler. */
export async function writeMigrations() {
  const inputs = [...migrationFiles(), at("package-lock.json"), at("pkg-scripts", "lib", "migrations.mjs")];
  await whenChanged("migrations", inputs, [file], async () => {
    const { unstable_splitSqlQuery: split } = await import("wrangler");
    const statements = migrationFiles().map((name) => split(readFileSync(name, "utf8")));
    mkdirSync(at("build"), { recursive: true });
    writeFileSync(file, JSON.stringify(statements, null, 2));
  });
}

/** Returns a list of statements for each migration, as `writeMigrations` wrote them. */
export const readMigrations = () => JSON.parse(readFileSync(file, "utf8"));
