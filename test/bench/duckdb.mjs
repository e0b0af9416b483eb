// The same CASE by DuckDB: over the same thirteen columns, in memory.
//   node duckdb.mjs ANSWERS.csv case.sql 'SUM COUNT'
// Prints the name and milliseconds of each run, as psql does; fails where the
// sum of the scores or their number is not what PostgreSQL had.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// the module lives in the folder of the run, not beside this file
const { DuckDBInstance, version } = createRequire(process.cwd() + '/')('@duckdb/node-api');
const [csv, caseFile, expected] = process.argv.slice(2);
const score = readFileSync(caseFile, 'utf8').replace(/--.*/g, '');

const connection = await (await DuckDBInstance.create(':memory:')).connect();
const rows = async (sql) => (await connection.runAndReadAll(sql)).getRows();

const names = ['dependants', 'head_class', 'children_5_16', 'children_5_16_at_school', 'rooms', 'members', 'toilet',
	'electricity', 'gas', 'internet', 'mobile_phone', 'computer', 'landline'];
const columns = ["'household_id': 'BIGINT'", ...names.map((name) => `'${name}': 'SMALLINT'`)].join(', ');
await connection.run(`CREATE TABLE narrow AS SELECT * FROM read_csv('${csv}', header = true, columns = {${columns}})`);

const [[sum, count]] = await rows(`SELECT sum(round((${score}) * 10)::BIGINT)::BIGINT, count(${score}) FROM narrow`);
if (`${sum} ${count}` !== expected) {
	console.error(`DuckDB's scores differ: ${sum} ${count}, not ${expected}`);
	process.exit(1);
}

console.log('DuckDB', (await rows('SELECT version()'))[0][0]);
for (const threads of [1, 2]) {
	await connection.run(`SET threads = ${threads}`);
	for (let i = 0; i < 6; i++) {
		const start = process.hrtime.bigint();
		await rows(`SELECT avg(${score}) FROM narrow`);
		const ms = Number(process.hrtime.bigint() - start) / 1e6;
		if (i > 0)		// the first is to warm up
			console.log(`duckdb ${threads}\nTime: ${ms.toFixed(3)} ms`);
	}
}
