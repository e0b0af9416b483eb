-- A call a household, over arrays of its members.
SELECT sum(x[1]), sum(x[2]), sum(x[3]), sum(x[4]), sum(x[5]), sum(x[6]), sum(x[7]), sum(x[8]), sum(x[9]), sum(x[10]), sum(x[11]), sum(x[12]),
	sum(x[13]), sum(x[14]), sum(x[15])
FROM (
	SELECT bench.count_household(h.line, h.sex, h.age, h.marital_status, h.spouse_line, h.father_line, h.mother_line, h.attends, h.employed,
		h.disabled) AS x
	FROM bench.household AS h OFFSET 0
) AS s
