// Families and counts by DuckDB: the same text as PostgreSQL's, over the same rows.
//   node family.mjs MEMBERS.csv 'COUNT|COUNT|...'
import { fileURLToPath } from 'node:url';
import { agree, load, rows, run, sql, time } from './connect.mjs';

const [csv, expected] = process.argv.slice(2);
const file = (name) => fileURLToPath(new URL(`family_${name}.sql`, import.meta.url));

await load('member', csv, { household_id: 'INTEGER', attends: 'BOOLEAN', employed: 'BOOLEAN', disabled: 'BOOLEAN' });
for (const form of ['join', 'group']) {
	const query = sql(file(form), { composition: sql(file('composition')), bits: 'bit_count', members: 'member' });
	agree(`counts (${form})`, (await rows(query))[0].join('|'), expected);
	await time(`family duck${form}`, query);
}
