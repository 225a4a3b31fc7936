-- %% boolean
SELECT true, false, NULL::BOOLEAN

-- %% tinyint
SELECT (-128)::TINYINT, 127::TINYINT, 255::UTINYINT

-- %% smallint
SELECT (-32768)::SMALLINT, 65535::USMALLINT

-- %% integer
SELECT (-2147483648)::INTEGER, 4294967295::UINTEGER

-- %% bigint
SELECT (-9223372036854775808)::BIGINT, 18446744073709551615::UBIGINT

-- %% hugeint
SELECT 170141183460469231731687303715884105727::HUGEINT, (-170141183460469231731687303715884105727)::HUGEINT, 0::HUGEINT, -1::HUGEINT

-- %% hugeint_from_sum
SELECT sum(i) AS s FROM range(10) t(i)

-- %% uhugeint
SELECT 340282366920938463463374607431768211455::UHUGEINT, 0::UHUGEINT

-- %% bignum
SELECT 1::BIGNUM, (-300)::BIGNUM, 0::BIGNUM, '123456789012345678901234567890123456789012345678901234567890'::BIGNUM

-- %% float
SELECT 1.1::FLOAT, 'nan'::FLOAT, 'inf'::FLOAT, '-inf'::FLOAT, -0.0::FLOAT

-- %% double
SELECT 0.1::DOUBLE, 1e300, 'nan'::DOUBLE, 'infinity'::DOUBLE, '-infinity'::DOUBLE, -0.0::DOUBLE, 5e-324::DOUBLE

-- %% decimal
SELECT 1.10::DECIMAL(5,2), 0::DECIMAL(4,0), -99.9::DECIMAL(3,1), NULL::DECIMAL

-- %% decimal_wide
SELECT 12345678901234567890.123456789012345678::DECIMAL(38,18), (-1)::DECIMAL(38,0), 1::DECIMAL(38,38) - 1

-- %% varchar
SELECT 'text', '', 'é', '币安人生USDT', '🦆', 'it''s'

-- %% varchar_nul
SELECT 'a' || chr(0) || 'b'

-- %% blob
SELECT '\xAA\x00ab'::BLOB, ''::BLOB

-- %% bit
SELECT '0101'::BIT, '1'::BIT, '000000001'::BIT, '11111111'::BIT

-- %% uuid
SELECT '00000000-0000-0000-0000-000000000001'::UUID, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::UUID, NULL::UUID

-- %% date
SELECT DATE '2020-02-29', DATE '0001-01-01', DATE '9999-12-31'

-- %% date_outside
SELECT DATE '10000-01-01', '0044-03-15 (BC)'::DATE, '5877642-06-25 (BC)'::DATE, DATE '5881580-07-10'

-- %% date_infinite
SELECT 'infinity'::DATE, '-infinity'::DATE

-- %% time
SELECT TIME '12:34:56.789', TIME '00:00:00', TIME '23:59:59.999999'

-- %% time_24
SELECT '24:00:00'::TIME

-- %% time_ns
SELECT '12:34:56.123456789'::TIME_NS

-- %% timetz
SELECT '12:00:00.5+01:30'::TIMETZ, '12:00:00-08'::TIMETZ, '00:00:00+00'::TIMETZ

-- %% timetz_24
SELECT '24:00:00+00'::TIMETZ

-- %% timestamp
SELECT TIMESTAMP '2020-01-01 01:02:03.123456', TIMESTAMP '1969-12-31 23:59:59.999999', TIMESTAMP '0001-01-01 00:00:00'

-- %% timestamp_outside
SELECT TIMESTAMP '20000-01-01 01:02:03.5', '0044-03-15 (BC) 01:02:03'::TIMESTAMP

-- %% timestamp_infinite
SELECT 'infinity'::TIMESTAMP, '-infinity'::TIMESTAMP

-- %% timestamp_s
SELECT '2020-01-01 01:02:03'::TIMESTAMP_S, 'infinity'::TIMESTAMP_S

-- %% timestamp_ms
SELECT '2020-01-01 01:02:03.123'::TIMESTAMP_MS, '20000-01-01'::TIMESTAMP_MS

-- %% timestamp_ns
SELECT '2020-01-01 01:02:03.123456789'::TIMESTAMP_NS, '1960-01-01 01:02:03.123456789'::TIMESTAMP_NS

-- %% timestamptz
SELECT '2020-01-01 00:00:00+00'::TIMESTAMPTZ, '2020-06-01 12:00:00+05:30'::TIMESTAMPTZ

-- %% timestamptz_outside
SELECT '20000-01-01 00:00:00+00'::TIMESTAMPTZ

-- %% timestamptz_infinite
SELECT 'infinity'::TIMESTAMPTZ, '-infinity'::TIMESTAMPTZ

-- %% interval
SELECT INTERVAL '1 month 2 days 3 microseconds', INTERVAL '-14 months', INTERVAL '1000000 hours', INTERVAL '0 days'

-- %% interval_negative
SELECT INTERVAL '-1 second', INTERVAL '1 day -1 second'

-- %% enum
SELECT 'a'::ENUM('a', 'b'), NULL::ENUM('a', 'b')

-- %% enum_in_nested
SELECT ['a'::ENUM('a','b')], {'e': 'b'::ENUM('a','b')}

-- %% list
SELECT [1, 2, NULL], []::INTEGER[], NULL::INTEGER[], ['a', NULL]

-- %% list_nested
SELECT [[1], [], NULL, [2, 3]], [{'a': 1}, NULL]

-- %% list_of_dates
SELECT [DATE '2020-01-01', NULL], [TIME '12:00'], [1.5]

-- %% list_of_timetz
SELECT ['12:00:00+01'::TIMETZ, NULL]

-- %% list_of_uuid
SELECT ['00000000-0000-0000-0000-000000000001'::UUID, NULL], [1::HUGEINT]

-- %% array
SELECT [1, 2]::INTEGER[2], ['a', NULL]::VARCHAR[2], NULL::INTEGER[3]

-- %% array_nested
SELECT [[1, 2], [3, 4]]::INTEGER[2][2]

-- %% struct
SELECT {'a': 1, 'b': 'x'}, {'a': NULL}, NULL::STRUCT(a INTEGER)

-- %% struct_names
SELECT {'a b': 1, 'Select': 2, 'A': 3, 'q"q': 4}

-- %% struct_nested
SELECT {'a': {'b': [1, 2], 'c': {'d': NULL}}}

-- %% struct_unnamed
SELECT row(1, 'x'), row({'a': 1}, [1])

-- %% map
SELECT map {'a': 1, 'b': NULL}, map {1: 'x'}, map {}

-- %% map_of_lists
SELECT map {'a': [1, 2]}, map {[1]: 2}, map {{'a': 1}: 2}

-- %% union
SELECT union_value(k := 1), union_value(k := 1)::UNION(k INTEGER, s VARCHAR), 'x'::UNION(k INTEGER, s VARCHAR)

-- %% variant
SELECT 1::VARIANT, 'x'::VARIANT, true::VARIANT, [1, 2]::VARIANT, {'a': 1}::VARIANT, NULL::VARIANT

-- %% dates_and_decimals_in_variants
-- differs: dates and decimals in VARIANTs
SELECT DATE '2020-01-01'::VARIANT, 1.25::VARIANT

-- %% json
SELECT '{"a": 1}'::JSON, 'null'::JSON

-- %% null
SELECT NULL, NULL::VARCHAR

-- %% case_sensitive_names
SELECT 1 AS Abc, 2 AS "select", 3 AS "a b", 4 AS """q"""

-- %% duplicate_names
SELECT 1 AS a, 2 AS a, 3 AS b

-- %% expression_names
SELECT 1 + 1, upper('x'), 'lit', NULL, [1], count(*)

-- %% row_nulls_in_every_type
SELECT NULL::DATE, NULL::TIME, NULL::TIMESTAMP, NULL::TIMESTAMPTZ, NULL::INTERVAL, NULL::BLOB, NULL::BIT, NULL::HUGEINT, NULL::TIMETZ, NULL::BIGNUM

-- %% columns_with_nulls
SELECT CASE WHEN i % 2 = 0 THEN i END AS a, CASE WHEN i % 3 = 0 THEN 'w' || i END AS b, CASE WHEN i % 5 = 0 THEN [i] END AS c,
  CASE WHEN i % 2 = 1 THEN {'x': i} END AS d, CASE WHEN i % 2 = 1 THEN DATE '2020-01-01' + i::INTEGER END AS e
FROM range(20) t(i)

-- %% many_batches
SELECT i, 'row ' || i AS name, i % 7 = 0 AS seventh FROM range(5000) t(i)

-- %% no_rows
SELECT 1 AS a, 'x' AS b, [1] AS c WHERE false

-- %% all_types
SELECT * EXCLUDE (timestamp_tz, time_tz, small_enum, medium_enum, large_enum, bignum, bit, time_ns) FROM test_all_types()
