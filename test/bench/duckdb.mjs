// The same CASE by DuckDB: over the same columns.
//   node duckdb.mjs CARD ANSWERS.csv case.sql 'SUM COUNT'
// Fails where the sum of the scores or their number is not what PostgreSQL had.
import { agree, load, rows, sql, time } from './connect.mjs';

const [card, csv, caseFile, expected] = process.argv.slice(2);
const score = sql(caseFile);

await load('card', csv);
const [[sum, count]] = await rows(`SELECT sum(round((${score}) * 10)::BIGINT)::BIGINT, count(${score}) FROM card`);
agree('scores', `${sum} ${count}`, expected);
await time(`${card} duckdb`, `SELECT avg(${score}) FROM card`);
