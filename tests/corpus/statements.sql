-- %% empty

-- %% only_a_comment
-- nothing to do

-- %% comment_in_between
SELECT /* one; */ 1 -- two;
  AS a; -- three

-- %% several
CREATE TABLE t (i INTEGER); INSERT INTO t VALUES (1), (2); SELECT * FROM t ORDER BY i

-- %% semicolon_in_string
SELECT 'a;b' AS s, $$x;y$$ AS d; SELECT ';' AS last

-- %% create_table
CREATE TABLE t (i INTEGER, s VARCHAR DEFAULT 'x')

-- %% create_table_as
CREATE TABLE t AS SELECT i FROM range(5) r(i)

-- %% insert_counts
CREATE TABLE t (i INTEGER); INSERT INTO t SELECT * FROM range(7)

-- %% insert_returning
CREATE TABLE t (i INTEGER, u UUID); INSERT INTO t VALUES (1, NULL), (2, NULL) RETURNING i, i * 2 AS twice

-- %% update_counts
CREATE TABLE t AS SELECT * FROM range(5) r(i); UPDATE t SET i = i + 1 WHERE i > 2

-- %% delete_counts
CREATE TABLE t AS SELECT * FROM range(5) r(i); DELETE FROM t WHERE i > 2

-- %% with_insert
CREATE TABLE t (i INTEGER); WITH x AS (SELECT 42 AS i) INSERT INTO t FROM x; FROM t

-- %% from_first
FROM range(3) t(i) SELECT i * 2 AS twice

-- %% values
VALUES (1, 'a'), (2, 'b')

-- %% parenthesized
(SELECT 1 AS a UNION ALL SELECT 2) ORDER BY a

-- %% with_recursive
WITH RECURSIVE f(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM f WHERE n < 5) SELECT * FROM f

-- %% pivot
CREATE TABLE t AS SELECT i % 2 AS k, i % 3 AS c, i AS v FROM range(12) r(i); PIVOT t ON c USING sum(v) GROUP BY k ORDER BY k

-- %% unpivot
CREATE TABLE t AS SELECT 1 AS a, 2 AS b; UNPIVOT t ON a, b

-- %% describe
CREATE TABLE t (i INTEGER NOT NULL, s VARCHAR); DESCRIBE t

-- %% describe_query
DESCRIBE SELECT 1 AS a, 'x' AS b

-- %% summarize
SUMMARIZE SELECT i, i::DOUBLE / 2 AS d, 'x' || i AS s FROM range(10) t(i)

-- %% show_tables
CREATE TABLE b (i INTEGER); CREATE TABLE a (i INTEGER); SHOW TABLES

-- %% table_statement
CREATE TABLE t AS SELECT 1 AS a; TABLE t

-- %% pragma
CREATE TABLE t (i INTEGER, s VARCHAR); PRAGMA table_info('t')

-- %% set_and_read
SET VARIABLE answer = 42; SELECT getvariable('answer') AS o

-- %% macro
CREATE MACRO twice(x) AS x * 2; SELECT twice(21) AS answer

-- %% table_macro
CREATE MACRO upto(n) AS TABLE SELECT * FROM range(n) t(i); FROM upto(3)

-- %% view
CREATE VIEW v AS SELECT 1 AS a; FROM v

-- %% schema
CREATE SCHEMA s; CREATE TABLE s.t (i INTEGER); INSERT INTO s.t VALUES (3); FROM s.t

-- %% sequence
CREATE SEQUENCE q; SELECT nextval('q') AS a; SELECT nextval('q') AS b

-- %% prepare_execute
PREPARE p AS SELECT $1 + 1 AS a; EXECUTE p(41)

-- %% transaction
BEGIN; CREATE TABLE undone (i INTEGER); ROLLBACK; SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = 'undone'

-- %% window
SELECT i, sum(i) OVER (ORDER BY i) AS running, lag(i) OVER (ORDER BY i) AS before FROM range(5) t(i) ORDER BY i

-- %% grouping_sets
SELECT i % 2 AS a, i % 3 AS b, count(*) AS n FROM range(12) t(i) GROUP BY ROLLUP (a, b) ORDER BY ALL

-- %% asof_join
WITH p AS (SELECT * FROM (VALUES (1, 'a'), (5, 'b')) v(t, x)), q AS (SELECT * FROM (VALUES (3), (7)) v(t))
SELECT q.t, p.x FROM q ASOF JOIN p ON q.t >= p.t ORDER BY q.t

-- %% list_comprehension
SELECT [x * 2 FOR x IN [1, 2, 3] IF x > 1] AS l

-- %% struct_access
SELECT s.a, s['b'] AS b FROM (SELECT {'a': 1, 'b': 'x'} AS s)

-- %% unnest
SELECT unnest([1, 2, 3]) AS a, unnest({'x': 1, 'y': 2})

-- %% positional_dollar_text
SELECT $tag$it's $1$tag$ AS s

-- %% group_by_all
SELECT i % 3 AS k, count(*) AS n, avg(i) AS m FROM range(10) t(i) GROUP BY ALL ORDER BY ALL

-- %% qualify
SELECT i, i % 2 AS k FROM range(6) t(i) QUALIFY row_number() OVER (PARTITION BY k ORDER BY i) = 1 ORDER BY i

-- %% sample_all
SELECT count(*) AS n FROM range(100) USING SAMPLE 100%

-- %% regexp
SELECT regexp_extract('BTCUSDT_210326', '(\w+)_(\d+)', ['base', 'day']) AS m

-- %% date_functions
SELECT date_trunc('month', DATE '2021-05-19') AS m, DATE '2021-05-19' + INTERVAL 1 DAY AS d, strftime(DATE '2021-05-19', '%d.%m.%Y') AS s

-- %% generate_series_of_days
SELECT unnest(generate_series(DATE '2021-01-30', DATE '2021-02-02', INTERVAL 1 DAY)) AS d
