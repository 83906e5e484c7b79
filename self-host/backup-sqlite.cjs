/**
 * node backup-sqlite.cjs <database> <backup>: copies an embedded database while the service uses it. Run it in the folder
 * of the service, which has the driver.
 */
'use strict';
const { existsSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');

const [, , from, to] = process.argv;
if (to === undefined || !existsSync(from) || existsSync(to)) {
  process.stderr.write('usage: node backup-sqlite.cjs <database that is there> <backup that is not>\n');
  process.exit(2);
}
// The copy is readable for its owner only, also while it is made.
process.umask(0o077);
const Database = createRequire(join(process.cwd(), 'package.json'))('libsql');
const database = new Database(from);
// One consistent moment, whatever is written meanwhile.
database.exec(`VACUUM INTO '${to.replaceAll("'", "''")}'`);
database.close();
