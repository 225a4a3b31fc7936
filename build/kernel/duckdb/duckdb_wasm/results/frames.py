"""Results as columns of other libraries: numpy, pandas, Polars, Arrow."""

from __future__ import annotations

import importlib
from typing import Any

from duckdb_wasm.errors import NotSupportedError
from duckdb_wasm.results.result import Result

#: DuckDB type to numpy's, for values that Arrow holds as numpy does.
_NUMBERS = {
    "tinyint": "int8",
    "smallint": "int16",
    "integer": "int32",
    "bigint": "int64",
    "utinyint": "uint8",
    "usmallint": "uint16",
    "uinteger": "uint32",
    "ubigint": "uint64",
    "float": "float32",
    "double": "float64",
}
_TIMES = {"timestamp": "us", "timestamp_s": "s", "timestamp_ms": "ms", "timestamp_ns": "ns"}
#: What numpy and pandas get in place of Python's own value.
_OBJECTS = {
    "blob": lambda _numpy, value: bytearray(value),
    **dict.fromkeys(("list", "array"), lambda numpy, value: numpy.array(value)),
}


def library(name: str, session: Any) -> Any:
    """Imports a library, fetched first where the kernel can do so.

    Raises `NotSupportedError` where it is not there and cannot be fetched.
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        pass
    reason = session.load_package(name)
    if reason is None:
        return importlib.import_module(name)
    raise NotSupportedError(
        f"{name} is not here: {reason} Everything else works without it: fetchall() gives rows, and any library that "
        "reads Arrow (altair, nanoarrow, arro3) takes the result itself."
    )


def numpy_columns(result: Result, session: Any) -> dict[str, Any]:
    """Each column as a numpy array, masked where values are missing."""
    numpy = library("numpy", session)
    columns = {}
    names = _unique(result.columns)
    pieces: list[list] = [[] for _ in names]
    for array in result.table() if result._stream else ():
        view = array.view()
        for i, (_, kind) in enumerate(result.schema):
            pieces[i].append(_numpy(numpy, view.child(i), kind))
    for name, parts, (_, kind) in zip(names, pieces, result.schema, strict=True):
        masked = any(isinstance(part, numpy.ma.MaskedArray) for part in parts)
        join = numpy.ma.concatenate if masked else numpy.concatenate
        columns[name] = join(parts) if parts else numpy.empty(0, _dtype(kind))
    return columns


def _dtype(kind: Any) -> Any:
    if kind.id in _TIMES:
        return f"datetime64[{_TIMES[kind.id]}]"
    if kind.id in ("date", "timestamp with time zone"):
        return "datetime64[us]"
    if kind.id in ("decimal", "hugeint", "uhugeint"):
        return "float64"
    if kind.id in ("interval", "time", "uuid"):
        return "timedelta64[us]" if kind.id == "interval" else object
    return {"boolean": "bool", **_NUMBERS}.get(kind.id, object)


def _numpy(numpy: Any, view: Any, kind: Any) -> Any:
    from duckdb_wasm.results import arrow

    dtype = _dtype(kind)
    length, valid = view.length, arrow._valid(view)
    if kind.id in _NUMBERS:
        values = numpy.frombuffer(view.buffer(1), dtype)[view.offset : view.offset + length]
    elif kind.id in _TIMES or kind.id == "timestamp with time zone":
        values = numpy.frombuffer(view.buffer(1), "int64")[view.offset : view.offset + length].view(dtype)
    elif kind.id == "date":
        days = numpy.frombuffer(view.buffer(1), "int32")[view.offset : view.offset + length]
        values = days.astype("datetime64[D]").astype(dtype)
    elif dtype == "float64":
        values = numpy.array([0.0 if v is None else float(v) for v in arrow.column(view, kind)], dtype)
    elif dtype == "bool":
        values = numpy.array([bool(v) for v in arrow.column(view, kind)], dtype)
    elif kind.id == "interval":
        values = numpy.array(arrow.column(view, kind), "timedelta64[us]").astype(dtype)
    else:
        values = numpy.empty(length, object)
        # Lists of one length would become a second dimension; assigned one by one they stay objects.
        for i, value in enumerate(arrow.column(view, kind)):
            made = _OBJECTS.get(kind.id)
            values[i] = value if made is None or value is None else made(numpy, value)
    if valid is None:
        return values.copy()
    return numpy.ma.masked_array(values, mask=~numpy.array(valid, bool))


def pandas(result: Result, session: Any, date_as_object: bool = False) -> Any:
    """A pandas DataFrame with the dtypes that native DuckDB gives."""
    pd = library("pandas", session)
    frame = {}
    for (name, array), (_, kind) in zip(numpy_columns(result, session).items(), result.schema, strict=True):
        frame[name] = _series(pd, array, kind, date_as_object)
    made = pd.DataFrame(frame)
    made.columns = _unique(result.columns)
    return made


def pandas_chunk(result: Result, size: int, session: Any, date_as_object: bool = False) -> Any:
    """The next `size` rows of the result as a pandas DataFrame."""
    whole = pandas(result, session, date_as_object)
    start = result.chunked
    result.chunked = start + size
    return whole.iloc[start : start + size].reset_index(drop=True)


def _series(pd: Any, array: Any, kind: Any, date_as_object: bool) -> Any:
    import numpy

    missing = array.mask if isinstance(array, numpy.ma.MaskedArray) else None
    values = array.data if missing is not None else array
    if kind.id == "date" and date_as_object:
        values = values.astype("datetime64[D]").astype(object)
    elif kind.id == "enum":
        return pd.Categorical(values, categories=kind.children[0][1], ordered=True)
    elif kind.id == "timestamp with time zone":
        series = pd.Series(values).dt.tz_localize("UTC")
        return series if missing is None else series.where(~missing)
    if missing is None or not missing.any():
        return pd.Series(values)
    if values.dtype.kind in "Mm":
        values = values.copy()
        values[missing] = numpy.array("NaT", values.dtype)
    elif values.dtype.kind == "f":
        values = values.copy()
        values[missing] = numpy.nan
    elif values.dtype.kind in "iub":
        name = (
            "boolean"
            if values.dtype.kind == "b"
            else str(values.dtype).replace("int", "Int").replace("u", "U")
        )
        return pd.Series(values, dtype=name).mask(missing)
    else:
        values = values.copy()
        values[missing] = None if kind.id == "varchar" else pd.NA
    return pd.Series(values)


def _unique(names: list[str]) -> list[str]:
    """The names, later ones of the same name numbered as native DuckDB does: a, a_1."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        count = seen.get(name, 0)
        seen[name] = count + 1
        found.append(f"{name}_{count}" if count else name)
    return found


def _installed(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def arrow_reader(result: Result) -> Any:
    """A record batch reader over the result."""
    if pyarrow := _installed("pyarrow"):
        return pyarrow.RecordBatchReader.from_stream(result)
    import nanoarrow

    return nanoarrow.ArrayStream(result)


def arrow_table(result: Result) -> Any:
    """A whole table of the result."""
    if pyarrow := _installed("pyarrow"):
        return pyarrow.table(result)
    if arro3 := _installed("arro3.core"):
        return arro3.Table(result)
    import nanoarrow

    return nanoarrow.Array(result)


def polars(result: Result, session: Any) -> Any:
    """A Polars DataFrame of the result."""
    return library("polars", session).DataFrame(result)
