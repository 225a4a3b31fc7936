"""Every answer is what openapi.json says, which is OpenAPI 3.1."""

from __future__ import annotations

import csv
import json
import re
from urllib.parse import unquote

import jsonschema
import jsonschema_rs
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

KINDS = {
    "snapshots.json": "Snapshots",
    "*/index.json": "Index",
    "latest/dates.json": "Dates",
    "latest/dates/*.json": "Day",
    "latest/symbols.json": "Symbols",
    "latest/symbols/*.json": "Symbol",
    "latest/universe/top-100/*.json": "Universe",
    "latest/universe/top-100/freqtrade/*.json": "Freqtrade",
}


def whole(api, name: str) -> dict:
    """The schema `name` with those that it names."""
    return {"$ref": f"#/components/schemas/{name}", "components": {"schemas": api.schemas()}}


def test_the_description_is_openapi_and_says_how_each_kind_of_answer_looks(api):
    description = api.read("openapi.json")
    OpenAPIV31SpecValidator(description).validate()
    named = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(description)))
    assert named == set(description["components"]["schemas"])
    assert named == {*KINDS.values(), "Meta"}


@pytest.mark.parametrize(("pattern", "name"), KINDS.items())
def test_every_answer_is_what_its_schema_says(api, pattern, name):
    files = sorted(api.folder.glob(pattern))
    assert files
    # All of them by the quick validator, some by the one that everybody has, which also looks at dates.
    quick = jsonschema_rs.validator_for(whole(api, name))
    thorough = jsonschema.Draft202012Validator(
        whole(api, name), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    thorough.check_schema(whole(api, name))
    for number, file in enumerate(files):
        said = json.loads(file.read_text("utf-8"))
        quick.validate(said)
        if number % 250 == 0:
            thorough.validate(said)
        for columns in (said.get("tradable"), said.get("dates"), said.get("symbols")):
            if isinstance(columns, dict) and not isinstance(next(iter(columns.values())), str):
                assert len({len(column) for column in columns.values()}) == 1, file


@pytest.mark.parametrize("name", KINDS.values())
def test_a_schema_refuses_what_is_cut_or_has_more(api, name):
    pattern = next(pattern for pattern, of in KINDS.items() if of == name)
    said = json.loads(next(api.folder.glob(pattern)).read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(whole(api, name))
    assert not validator.is_valid({**said, "more": 1})
    for key in said:
        assert not validator.is_valid({of: value for of, value in said.items() if of != key}), key


def test_no_file_is_of_a_kind_that_is_not_described(api):
    described = {file for pattern in KINDS for file in api.folder.glob(pattern)}
    others = {path for path in api.folder.rglob("*") if path.is_file()} - described
    names = {path.relative_to(api.folder).as_posix() for path in others}
    assert names == {"openapi.json", "latest/universe/top-100/monthly.csv"}


def test_every_answer_says_that_the_sample_is_synthetic(api):
    for path in api.folder.rglob("*.json"):
        if path.name != "openapi.json":
            assert json.loads(path.read_text("utf-8"))["meta"]["synthetic"] is True, path
    with (api.folder / "latest/universe/top-100/monthly.csv").open(encoding="utf-8") as file:
        assert {row["synthetic"] for row in csv.DictReader(file)} == {"true"}


def test_every_address_of_a_symbol_leads_to_its_file(api):
    columns = api.read("latest/symbols.json")["symbols"]
    assert "龙猫USDT" in columns["symbol"]
    for symbol, address in zip(columns["symbol"], columns["address"], strict=True):
        assert address.isascii()
        assert api.read(f"latest/{unquote(address)}")["symbol"] == symbol


def test_it_stays_within_what_was_planned_for(api):
    sizes = [path.stat().st_size for path in api.folder.rglob("*") if path.is_file()]
    assert len(sizes) <= 6_000
    assert sum(sizes) <= 60_000_000
