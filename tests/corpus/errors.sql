-- %% column_not_found
SELECT nope FROM (SELECT 1 AS a)

-- %% column_without_from
SELECT nope

-- %% table_not_found
SELECT * FROM no_such_table

-- %% table_with_a_similar_name
-- differs: where the error is
CREATE TABLE availability (i INTEGER); SELECT * FROM availabilty

-- %% function_not_found
SELECT substrng('abc', 1)

-- %% function_argument_types
-- differs in the browser: hints
SELECT strftime(1, 2)

-- %% syntax
SELEC 1

-- %% syntax_at_end
SELECT 1 +

-- %% syntax_on_third_line
SELECT 1 AS a,
  2 AS b,
  3 AS AS c

-- %% unterminated_string
SELECT 'abc

-- %% conversion
SELECT 'abc'::INTEGER

-- %% conversion_of_a_column
SELECT x::INTEGER FROM (VALUES ('1'), ('b')) t(x)

-- %% date_conversion
SELECT '2020-13-45'::DATE

-- %% overflow
SELECT 100::TINYINT + 100::TINYINT

-- %% bigint_overflow
SELECT 9223372036854775807 + 1

-- %% out_of_range_cast
SELECT 1000::TINYINT

-- %% division_types
SELECT 'a' / 2

-- %% group_by_missing
SELECT a, count(*) FROM (SELECT 1 AS a) ORDER BY nope

-- %% aggregate_in_where
SELECT 1 FROM range(3) t(i) WHERE sum(i) > 1

-- %% ungrouped_column
SELECT i, sum(i) FROM range(3) t(i)

-- %% ambiguous_column
SELECT i FROM range(3) a(i), range(3) b(i)

-- %% primary_key
CREATE TABLE t (i INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (1)

-- %% not_null
CREATE TABLE t (i INTEGER NOT NULL); INSERT INTO t VALUES (NULL)

-- %% check
CREATE TABLE t (i INTEGER CHECK (i > 0)); INSERT INTO t VALUES (-1)

-- %% table_exists
CREATE TABLE t (i INTEGER); CREATE TABLE t (i INTEGER)

-- %% view_missing
DROP VIEW no_such_view

-- %% wrong_column_count
CREATE TABLE t (i INTEGER, s VARCHAR); INSERT INTO t VALUES (1)

-- %% union_column_count
SELECT 1 UNION ALL SELECT 1, 2

-- %% subquery_of_many_rows
SELECT (SELECT i FROM range(3) t(i))

-- %% error_function
SELECT error('made on purpose')

-- %% commit_without_begin
COMMIT

-- %% begin_twice
BEGIN; BEGIN

-- %% unknown_setting
SET no_such_setting = 1

-- %% enum_value
SELECT 'c'::ENUM('a', 'b')

-- %% struct_field
SELECT {'a': 1}.b

-- %% second_statement
-- differs: where the error is
SELECT 1;
SELECT nope FROM range(1)

-- %% file_not_found
FROM 'no_such_file.parquet'

-- %% csv_not_found
FROM read_csv('no_such_file.csv')

-- %% sequence_exhausted
CREATE SEQUENCE q MAXVALUE 1; SELECT nextval('q'); SELECT nextval('q')

-- %% dependency
CREATE SCHEMA s; CREATE TABLE s.t (i INTEGER); DROP SCHEMA s
