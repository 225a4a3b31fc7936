"""What axe-core finds in a page: https://github.com/dequelabs/axe-core."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
#: The impacts that axe-core calls worse than moderate.
SERIOUS = {"serious", "critical"}


def serious_problems(page: Page, inside: str = "html") -> list[str]:
    """One line for each element below the selector `inside` that breaks a rule seriously: the rule and the element."""
    page.add_script_tag(path=AXE)
    found = page.evaluate("inside => axe.run(inside, {resultTypes: ['violations']})", inside)
    return [
        f"{rule['id']}: {node['html'][:300]}"
        for rule in found["violations"]
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]
