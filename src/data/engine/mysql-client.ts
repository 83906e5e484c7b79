/** The driver of MySQL. Built as a separate file, dist/mysql-client.js, and loaded on first use: it is as large as all of our own code. */
export { createConnection, createPool } from 'mysql2';
