# ruff: noqa (cases, each run by itself: see runner.py)
"""Methods of a relation that aggregate, also over windows."""

# %% value_counts
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.value_counts("b").order("b")

# %% string_agg
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.string_agg("s", ",")

# %% arg_max
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.arg_max("s", "a")

# %% arg_min
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.arg_min("s", "a")

# %% quantile
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.quantile("a", 0.5)

# %% quantile_cont
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.quantile_cont("a", 0.25)

# %% quantile_list
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.quantile_disc("a", [0.25, 0.75])

# %% first
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.order("a").first("a")

# %% last
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.order("a").last("a")

# %% row_number
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.row_number("over (order by a desc)", "a").limit(2)

# %% rank
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.rank("over (order by b)", "a, b").order("a").limit(4)

# %% dense_rank
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.dense_rank("over (order by b)", "a").order("a").limit(4)

# %% percent_rank
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.percent_rank("over (order by a)", "a").order("a").limit(3)

# %% cume_dist
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.cume_dist("over (order by a)", "a").order("a").limit(3)

# %% n_tile
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.n_tile("over (order by a)", 3, "a").order("a")

# %% lag
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.lag("a", "over (order by a)", projected_columns="a").order("a").limit(3)

# %% lead
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.lead("a", "over (order by a)", offset=2, default_value="-1", projected_columns="a").order("a")

# %% first_value
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.first_value("a", "over (order by a)", "a").order("a").limit(2)

# %% last_value
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.last_value("a", "over (order by a)", "a").order("a").limit(2)

# %% nth_value
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.nth_value("a", "over (order by a)", 2, projected_columns="a").order("a").limit(3)

# %% sum_window
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.sum("a", window_spec="over (partition by b)", projected_columns="a").order("a").limit(3)

# %% sum_groups
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.sum("a", groups="b", projected_columns="b").order("b")

# %% sum
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.sum("a")

# %% avg
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.avg("a")

# %% mean
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.mean("a")

# %% min
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.min("a")

# %% max
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.max("a")

# %% count
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.count("a")

# %% median
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.median("a")

# %% mode
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.order("a").mode("a")

# %% std
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.std("a")

# %% stddev
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.stddev("a")

# %% stddev_pop
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.stddev_pop("a")

# %% stddev_samp
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.stddev_samp("a")

# %% var
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.var("a")

# %% variance
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.variance("a")

# %% var_pop
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.var_pop("a")

# %% var_samp
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.var_samp("a")

# %% any_value
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.order("a").any_value("a")

# %% list
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.order("a").list("a")

# %% product
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.product("a")

# %% bit_and
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.bit_and("a")

# %% bit_or
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.bit_or("a")

# %% bit_xor
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.bit_xor("a")

# %% favg
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.favg("a")

# %% fsum
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.fsum("a")

# %% histogram
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.histogram("a")

# %% bool_and
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.project("a > 3 AS p").bool_and("p")

# %% bool_or
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.project("a > 3 AS p").bool_or("p")

# %% geomean
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.filter("a > 0").geomean("a")

# %% bitstring_agg
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.bitstring_agg("a", 0, 9)

# %% count_star
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.count("*")

# %% sum_of_text
r = con.sql("SELECT i AS a, i % 3 AS b, 'x' || i AS s FROM range(10) t(i)")
r.sum("s")
