"""Upstream's own names for its release stand for the snapshot: addresses, files and the database, over native DuckDB."""

from __future__ import annotations

import json

import pytest
from support.native_session import NativeSession, import_kernel

ADDRESS = "https://github.com/{owner}/binance-futures-availability/releases/{place}/{file}"
RANKINGS = "volume-rankings-timeseries.parquet"


@pytest.fixture
def session(site, tmp_path, monkeypatch):
    """A session that attaches the built snapshot; the visitor's folder is empty."""
    import_kernel()
    (path,) = (site / "data" / "snapshots").glob("*/datapackage.json")
    descriptor = json.loads(path.read_text())
    for resource in descriptor["resources"]:
        resource["file"] = str((path.parent / resource["path"]).resolve())

    class Attached(NativeSession):
        async def attach(self, _snapshot):
            return descriptor

    from duckdb_wasm import bridge, module
    from duckdb_wasm.files import named

    drive = tmp_path / "drive"
    drive.mkdir()
    monkeypatch.chdir(drive)
    monkeypatch.delenv("BINANCE_FUTURES_SNAPSHOT", raising=False)
    made = Attached(folder=tmp_path / "engine")
    (tmp_path / "engine").mkdir()
    monkeypatch.setattr(bridge, "session", made)
    monkeypatch.setattr(module, "_default", None)
    monkeypatch.setattr(named, "_sources", [])
    made.descriptor = descriptor
    return made


@pytest.fixture
def duckdb(session):
    """The kernel's `duckdb` with upstream's names in it."""
    from binance_futures._upstream import Release
    from duckdb_wasm.files import named

    named.register(Release())
    return import_kernel()


@pytest.fixture
def rankings(session) -> int:
    return session.descriptor["counts"]["ranked_rows"]


@pytest.mark.parametrize(
    "name", [RANKINGS, ADDRESS.format(owner="terryli", place="download/v1", file=RANKINGS)]
)
def test_a_file_given_as_a_parameter_is_the_snapshot(duckdb, rankings, name):
    con = duckdb.connect()
    assert con.execute("SELECT count(*) FROM read_parquet(?)", [name]).fetchone() == (rankings,)
    both = con.execute(
        "SELECT count(*), $day FROM read_parquet($file) WHERE date = $day::DATE",
        {"file": name, "day": "2024-01-15"},
    )
    assert both.fetchone()[1] == "2024-01-15"


@pytest.mark.parametrize("owner", ["terrylica", "terryli"])
@pytest.mark.parametrize("place", ["download/latest", "download/v1.5.0", "latest/download"])
def test_every_address_of_the_release_is_the_snapshot(duckdb, session, owner, place):
    url = ADDRESS.format(owner=owner, place=place, file=RANKINGS)
    assert duckdb.execute(f"SELECT count(*) FROM '{url}'").fetchone() == (
        session.descriptor["counts"]["ranked_rows"],
    )
    url = ADDRESS.format(owner=owner, place=place, file="availability-daily.parquet")
    assert duckdb.sql(f"SELECT count(*) FROM read_parquet('{url}')").fetchone() == (
        session.descriptor["counts"]["probed_rows"],
    )


@pytest.mark.parametrize(
    "source",
    [
        "'{url}'",
        '"{url}"',
        "read_parquet('{url}')",
        "read_parquet(['{url}'])",
        "READ_PARQUET ('{url}', union_by_name = true)",
        "parquet_scan('{url}')",
        "'{file}'",
        "'./{file}'",
        "read_parquet('{file}') AS r",
        "(SELECT * FROM '{url}')",
        "(FROM '{url}' JOIN (SELECT 1 AS one) ON true) SELECT * EXCLUDE one",
    ],
)
def test_however_it_is_read_its_columns_and_rows_are_the_releases(duckdb, session, rankings, source):
    from futures_explorer.release.contract import VOLUME_RANKINGS

    url = ADDRESS.format(owner="terrylica", place="download/latest", file=RANKINGS)
    relation = duckdb.sql("FROM " + source.format(url=url, file=RANKINGS))
    assert relation.columns == [column.name for column in VOLUME_RANKINGS.columns]
    assert [str(kind) for kind in relation.types] == [column.sql_type for column in VOLUME_RANKINGS.columns]
    assert len(relation) == rankings


def test_methods_lists_and_the_file_names_column(duckdb, rankings):
    assert len(duckdb.read_parquet(RANKINGS)) == rankings
    assert len(duckdb.from_parquet([RANKINGS, RANKINGS])) == 2 * rankings
    named = duckdb.sql(f"SELECT DISTINCT filename FROM read_parquet('{RANKINGS}', filename=true)")
    assert named.fetchall() == [(RANKINGS,)]
    duckdb.sql("COPY (SELECT DATE '2024-01-01' AS date, 'X' AS symbol) TO 'mine.parquet'")
    both = duckdb.sql(
        f"SELECT count(*), count(rank) FROM read_parquet(['{RANKINGS}', 'mine.parquet'], union_by_name=true)"
    )
    assert both.fetchall() == [(rankings + 1, rankings)]


def test_a_file_of_the_visitors_own_and_other_text_stay_what_they_are(duckdb, session):
    duckdb.sql(f"COPY (SELECT 7 AS mine) TO '{RANKINGS}'")
    assert duckdb.sql(f"FROM '{RANKINGS}'").fetchall() == [(7,)]
    url = ADDRESS.format(owner="terrylica", place="download/latest", file=RANKINGS)
    assert duckdb.sql(f"SELECT '{url}' AS u WHERE u IN ('{url}', '{url}')").fetchall() == [(url,)]
    fork = ADDRESS.format(owner="somebody", place="download/latest", file=RANKINGS)
    with pytest.raises(duckdb.Error):
        duckdb.sql(f"FROM '{fork}'").fetchall()
    assert f"FROM '{fork}'" in session.sent[-1]


def test_an_errors_line_is_that_of_the_statement(duckdb):
    with pytest.raises(duckdb.BinderException, match=r"(?s)LINE 4: +WHERE nonsense"):
        duckdb.execute(f"SELECT symbol\nFROM read_parquet(\n  ['{RANKINGS}'])\n  WHERE nonsense > 1")


def test_it_is_said_once_which_snapshot_it_is(duckdb, session, capsys):
    for _ in range(3):
        duckdb.sql(f"SELECT count(*) FROM '{RANKINGS}'").fetchall()
    said = [line for line in capsys.readouterr().out.splitlines() if RANKINGS in line]
    assert len(said) == 1
    assert session.descriptor["id"] in said[0]


def test_a_table_without_a_connection_names_the_line_to_add(duckdb):
    for statement in ("FROM daily_availability", "SELECT * FROM tradable_on('2021-05-19')"):
        with pytest.raises(duckdb.CatalogException) as raised:
            duckdb.sql(statement)
        assert "import binance_futures as bf; db = bf.connect()" in str(raised.value)
        assert "Did you mean" not in str(raised.value)
    with pytest.raises(duckdb.CatalogException, match="no_such_table does not exist!"):
        duckdb.sql("FROM no_such_table")


def test_connecting_again_leaves_one_set_of_tables_and_each_its_own(session):
    from binance_futures._browser import Connection

    first, second = (Connection(session, None) for _ in range(2))
    for connection in (first, second):
        session.call(connection._open(), "")
    first.execute("CREATE TABLE mine AS SELECT count(*) AS n FROM daily_availability")
    second.execute("CREATE TABLE mine AS SELECT 2 AS n")
    assert first.cursor().execute("FROM mine").fetchall() == [(session.descriptor["counts"]["probed_rows"],)]
    assert second.execute(
        "SELECT n, (SELECT count(*) > 20 FROM tradable_on('2021-05-19')) FROM mine"
    ).fetchall() == [(2, True)]
    assert second.sql("SHOW TABLES").fetchall() == [
        (name,) for name in ("daily_availability", "days", "mine", "symbols", "volume_rankings")
    ]
    views = first.execute(
        "SELECT count(*) FROM duckdb_views() WHERE view_name = 'daily_availability'"
    ).fetchall()
    assert views == [(1,)]
    second.execute("DROP VIEW symbols")
    third = Connection(session, None)
    session.call(third._open(), "")
    assert third.execute("SELECT count(*) > 0 FROM symbols").fetchall() == [(True,)]


def test_a_change_of_a_snapshots_table_says_how_to_change_a_copy(session):
    from binance_futures._browser import Connection

    db = Connection(session, None)
    session.call(db._open(), "")
    for statement in (
        "INSERT INTO daily_availability VALUES (1)",
        "ALTER TABLE volume_rankings ADD COLUMN x INTEGER",
        "CREATE INDEX i ON daily_availability (symbol)",
        "DELETE FROM symbols",
    ):
        with pytest.raises(
            import_kernel().Error, match=r"never changes\. Change a copy: CREATE TABLE mine AS FROM"
        ):
            db.execute(statement)
    with pytest.raises(import_kernel().Error) as raised:
        db.execute("INSERT INTO mine SELECT * FROM symbols")
    assert "never changes" not in str(raised.value)


DATABASES = ["availability.duckdb", "~/.cache/binance-futures/availability.duckdb"]


@pytest.mark.parametrize("path", DATABASES)
def test_upstreams_database_is_there_without_a_download(duckdb, session, path):
    from pathlib import Path

    with duckdb.connect(Path(path).expanduser(), read_only=True) as con:
        probed = session.descriptor["counts"]["probed_rows"]
        assert con.execute("SELECT count(*) FROM daily_availability").fetchone() == (probed,)
        counted = con.execute(
            "SELECT sum(total_symbols), bool_and(total_symbols = available_symbols + unavailable_symbols) "
            "FROM daily_symbol_counts"
        )
        assert counted.fetchone() == (probed, True)
        # What upstream's code makes when it opens its database is there.
        con.execute("CREATE TABLE IF NOT EXISTS daily_availability (date DATE NOT NULL, PRIMARY KEY (date))")
        con.execute("CREATE UNIQUE INDEX IF NOT EXISTS i\nON main.daily_availability(symbol, date)")
        con.execute("CREATE TABLE IF NOT EXISTS daily_symbol_counts (date DATE PRIMARY KEY)")
        assert con.execute("SELECT count(*) FROM daily_availability").fetchone() == (probed,)
        con.execute("CREATE TABLE IF NOT EXISTS mine (a INTEGER)")
        assert con.execute("FROM mine").fetchall() == []


def test_any_other_database_file_stays_what_it_is(duckdb, session):
    with pytest.raises(duckdb.IOException, match="No such file or directory"):
        duckdb.connect("elsewhere/availability.duckdb")


def test_the_names_are_those_of_the_release_that_is_fetched(duckdb):
    from pathlib import Path

    from binance_futures import _release
    from futures_explorer.release import contract

    assert {
        contract.AVAILABILITY_PARQUET: contract.DAILY_AVAILABILITY.name,
        contract.RANKINGS_PARQUET: contract.VOLUME_RANKINGS.name,
    } == _release.FILES
    assert f"{_release.DATABASE}.gz" == contract.AVAILABILITY_DUCKDB
    makefile = (Path(__file__).parents[3] / "Makefile").read_text("utf-8")
    owner = makefile.partition("UPSTREAM ?= ")[2].partition("/")[0]
    assert (
        _release.table(ADDRESS.format(owner=owner, place="download/latest", file=RANKINGS))
        == "volume_rankings"
    )
