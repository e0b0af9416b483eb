// DuckDB, in memory: rows of a CSV into a table, and the time that a query takes.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// the module lives in the folder of the run, not beside this file
const { DuckDBInstance } = createRequire(process.cwd() + '/')('@duckdb/node-api');
const connection = await (await DuckDBInstance.create(':memory:')).connect();

export const run = (sql) => connection.run(sql);
export const rows = async (sql) => (await connection.runAndReadAll(sql)).getRows();

// A text of SQL without its comments, and with what it includes.
export const sql = (file, includes = {}) => Object.entries(includes).reduce((text, [name, value]) => text.replaceAll(`:${name}`, value),
	readFileSync(file, 'utf8').replace(/--.*/g, ''));

// The types of columns that are no small integers.
export const load = async (table, csv, types = {}) => {
	const columns = readFileSync(csv, 'utf8').split('\n', 1)[0].split(',').map((name) => `'${name}': '${types[name] ?? 'SMALLINT'}'`);
	await run(`CREATE TABLE ${table} AS SELECT * FROM read_csv('${csv}', header = true, columns = {${columns.join(', ')}})`);
	console.log('DuckDB', (await rows('SELECT version()'))[0][0]);
};

// Prints the name and milliseconds of a run with one thread and with two, as psql does.
export const time = async (name, query) => {
	for (const threads of [1, 2]) {
		await run(`SET threads = ${threads}`);
		await rows(query);
		const start = process.hrtime.bigint();
		await rows(query);
		console.log(`${name} ${threads}\nTime: ${(Number(process.hrtime.bigint() - start) / 1e6).toFixed(3)} ms`);
	}
};

// Ends the run where DuckDB's answer is not PostgreSQL's.
export const agree = (what, found, expected) => {
	if (found !== expected) {
		console.error(`DuckDB's ${what} differ: ${found}, not ${expected}`);
		process.exit(1);
	}
};
