-- demo: reports by name, and what checks of quality find.  Included by demo.sql.

\qecho
\qecho '29. Themes of the annual report by name, as registry-report prints them: children of 4 to 18, and bands of the score'
SET ROLE demo_owner;
SELECT refresh_themes() \g /dev/null
RESET ROLE;
\setenv PGDATABASE :DBNAME
\! registry-report show theme_out_of_school --area PK703 --level district
\! registry-report show theme_poverty --area PK703 --level district

\qecho '30. What the checks of quality find in its surveys'
SET ROLE demo_owner;
SELECT c.check_name, c.severity, c.flags, q.words
FROM check_quality('PK703') AS c JOIN nser.quality_check AS q ON q.name = c.check_name
WHERE c.flags > 0 ORDER BY c.flags DESC, c.check_name;
RESET ROLE;
