"""What is deployed elsewhere: Terraform's own validation, without a network."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

AWS = Path(__file__).resolve().parents[2] / "deploy" / "aws"


def test_the_mirrors_terraform_is_valid(tmp_path):
    terraform, plugins = shutil.which("terraform"), os.environ.get("TERRAFORM_PLUGINS")
    if not terraform or not plugins:
        pytest.skip(
            "needs terraform, and $TERRAFORM_PLUGINS, a folder with its AWS provider: terraform providers mirror"
        )
    folder = shutil.copytree(AWS, tmp_path / "aws")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    for command in (
        ("fmt", "-check", "-diff"),
        ("init", "-backend=false", "-input=false", f"-plugin-dir={plugins}"),
        ("validate",),
    ):
        done = subprocess.run(
            [terraform, *command, "-no-color"] if command[0] != "fmt" else [terraform, *command],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_whoever_writes_the_mirror_can_remove_nothing():
    text = (AWS / "main.tf").read_text(encoding="utf-8")
    assert 'actions   = ["s3:PutObject"]' in text
    assert "Delete" not in text
    assert 's3:*"' not in text
