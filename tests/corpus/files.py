# ruff: noqa (cases, each run by itself: see runner.py)
# %% csv_round_trip
con.sql("SELECT i AS a, 'x' || i AS s FROM range(3) t(i)").to_csv("corpus_out.csv")
open("corpus_out.csv").read(), con.read_csv("corpus_out.csv").fetchall()

# %% csv_written_by_python
with open("corpus_in.csv", "w") as file:
    file.write("a,b\n1,x\n2,y\n")
con.sql("FROM 'corpus_in.csv'")

# %% csv_named_by_a_parameter
with open("corpus_in.csv", "w") as file:
    file.write("a,b\n1,x\n")
(
    con.sql("FROM read_csv($file)", params={"file": "corpus_in.csv"}),
    con.execute("FROM read_csv(?)", ["corpus_in.csv"]).fetchall(),
)

# %% text_like_a_drive
con.execute("SELECT 'T00:00' AS t, 'C:/data.csv' AS u").fetchall()

# %% csv_changed_by_python
for text in ("a\n1\n", "a\n2\n3\n"):
    with open("corpus_in.csv", "w") as file:
        file.write(text)
    rows = con.sql("FROM read_csv('corpus_in.csv')").fetchall()
rows

# %% csv_options
with open("corpus_in.csv", "w") as file:
    file.write("1;x\n2;-\n")
con.read_csv("corpus_in.csv", sep=";", header=False, names=["n", "t"], dtype={"n": "SMALLINT"}, na_values="-")

# %% csv_all_text
with open("corpus_in.csv", "w") as file:
    file.write("a,b\n1,2\n")
con.read_csv("corpus_in.csv", all_varchar=True)

# %% parquet_round_trip
con.sql("SELECT i AS a, DATE '2020-01-01' + i::INTEGER AS d FROM range(3) t(i)").to_parquet(
    "corpus_out.parquet", compression="zstd"
)
con.read_parquet("corpus_out.parquet"), con.sql("FROM 'corpus_out.parquet'").fetchall()

# %% parquet_of_several
con.sql("SELECT 1 AS a").to_parquet("corpus_one.parquet")
con.sql("SELECT 2 AS a").to_parquet("corpus_two.parquet")
con.read_parquet(["corpus_one.parquet", "corpus_two.parquet"]).order("a")

# %% parquet_by_pattern
con.sql("SELECT 1 AS a").to_parquet("corpus_p1.parquet")
con.sql("SELECT 2 AS a").to_parquet("corpus_p2.parquet")
con.sql("SELECT * FROM 'corpus_p*.parquet' ORDER BY a")

# %% copy_to_csv
(
    con.execute("COPY (SELECT 1 AS a, 'x' AS b) TO 'corpus_copy.csv' (HEADER, DELIMITER '|')").fetchall(),
    open("corpus_copy.csv").read(),
)

# %% copy_from_csv
with open("corpus_in.csv", "w") as file:
    file.write("1,x\n2,y\n")
con.execute("CREATE TABLE t (a INTEGER, b VARCHAR)")
con.execute("COPY t FROM 'corpus_in.csv'")
con.sql("FROM t")

# %% json
with open("corpus_in.json", "w") as file:
    file.write('[{"a": 1, "b": [1, 2]}, {"a": 2, "b": null}]')
con.read_json("corpus_in.json")

# %% json_lines
with open("corpus_in.ndjson", "w") as file:
    file.write('{"a": 1}\n{"a": 2}\n')
con.sql("FROM 'corpus_in.ndjson'")

# %% path_object
from pathlib import Path

Path("corpus_in.csv").write_text("a\n5\n")
con.read_csv(Path("corpus_in.csv"))

# %% missing_csv
con.read_csv("corpus_no_such_file.csv")

# %% missing_parquet
con.read_parquet("corpus_no_such_file.parquet")

# %% not_a_parquet_file
with open("corpus_bad.parquet", "w") as file:
    file.write("this is no Parquet file, whatever its name says")
con.read_parquet("corpus_bad.parquet")

# %% a_database_goes_out_and_comes_back
con.execute("CREATE TABLE kept AS SELECT i AS a FROM range(3) t(i)")
con.execute("EXPORT DATABASE 'corpus_export'")
other = duckdb.connect()
other.execute("IMPORT DATABASE 'corpus_export'")
rows = other.execute("FROM kept ORDER BY a").fetchall()
other.close()
rows

# %% a_folder_of_partitions
con.execute(
    "COPY (SELECT i % 2 AS p, i AS a FROM range(4) t(i)) TO 'corpus_parts' (FORMAT parquet, PARTITION_BY (p))"
)
con.sql(
    "SELECT a, p FROM read_parquet('corpus_parts/*/*.parquet', hive_partitioning = true) ORDER BY a"
).fetchall()

# %% a_folder_that_is_not_empty
con.execute("COPY (SELECT 1 AS p, 2 AS a) TO 'corpus_full' (FORMAT csv, PARTITION_BY (p))")
try:
    con.execute("COPY (SELECT 1 AS p, 2 AS a) TO 'corpus_full' (FORMAT csv, PARTITION_BY (p))")
    outcome = None
except duckdb.IOException as error:
    outcome = "not empty" in str(error)
outcome

# %% partitions_of_a_relation
con.sql("SELECT 1 AS p, 2 AS a").to_parquet("corpus_rel_parts", partition_by=["p"])
con.read_parquet("corpus_rel_parts/*/*.parquet", hive_partitioning=True).fetchall()
