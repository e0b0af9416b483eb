// The same CASE by DuckDB: over the same columns, in memory.
//   node duckdb.mjs CARD ANSWERS.csv case.sql 'SUM COUNT'
// Prints the name and milliseconds of a run with one thread and with two, as psql does;
// fails where the sum of the scores or their number is not what PostgreSQL had.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// the module lives in the folder of the run, not beside this file
const { DuckDBInstance } = createRequire(process.cwd() + '/')('@duckdb/node-api');
const [card, csv, caseFile, expected] = process.argv.slice(2);
const score = readFileSync(caseFile, 'utf8').replace(/--.*/g, '');

const connection = await (await DuckDBInstance.create(':memory:')).connect();
const rows = async (sql) => (await connection.runAndReadAll(sql)).getRows();

const columns = readFileSync(csv, 'utf8').split('\n', 1)[0].split(',').map((name) => `'${name}': 'SMALLINT'`).join(', ');
await connection.run(`CREATE TABLE card AS SELECT * FROM read_csv('${csv}', header = true, columns = {${columns}})`);

// to be sure, and to warm up
const [[sum, count]] = await rows(`SELECT sum(round((${score}) * 10)::BIGINT)::BIGINT, count(${score}) FROM card`);
if (`${sum} ${count}` !== expected) {
	console.error(`DuckDB's scores differ: ${sum} ${count}, not ${expected}`);
	process.exit(1);
}

console.log('DuckDB', (await rows('SELECT version()'))[0][0]);
for (const threads of [1, 2]) {
	await connection.run(`SET threads = ${threads}`);
	await rows(`SELECT avg(${score}) FROM card`);
	const start = process.hrtime.bigint();
	await rows(`SELECT avg(${score}) FROM card`);
	const ms = Number(process.hrtime.bigint() - start) / 1e6;
	console.log(`${card} duckdb ${threads}\nTime: ${ms.toFixed(3)} ms`);
}
