"""Adding a network is one file and one line: shown on a copy of the package, in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import playground

PACKAGE = Path(playground.__file__).parent
LINE = '    NetworkLine("toy_cell", Words("Toy", "Toy"), "rose", gated=True, on=False),\n'
AFTER = '    NetworkLine("gru",'

WHAT_FOLLOWS = """
import json, sys
import numpy as np
from playground.cli_commands.render import Studio, with_networks
from playground.cli_commands.train import NETWORK_NAMES
from playground.experiment import Experiment, default_networks, setting_specs, NetworkSettings
from playground.trace.identities import largest_deviation
from playground.ui.theme import DARK, LIGHT, NETWORK_DASH, Theme
from playground.ui.vocabulary import network_title

with Studio(size=(1280, 720), experiment=with_networks(Experiment(), ("rnn", "toy_cell")), page="step") as studio:
    studio.train(2)
    state = studio.window.state
    state.set_network("toy_cell")
    studio.draw("step", __import__("pathlib").Path(sys.argv[1]), timestep=3)
    page = studio.window.page("step")
    trace = state.trace
    print(json.dumps({
        "default": [n.cell for n in default_networks() if not n.enabled],
        "deviation": largest_deviation(trace),
        "forget_bias": "toy_cell" in setting_specs(NetworkSettings)["forget_gate_bias"].only_for,
        "typed": NETWORK_NAMES,
        "title": network_title("toy_cell", "guide"),
        "colours": [Theme(palette).network("toy_cell").name() for palette in (LIGHT, DARK)],
        "dash": NETWORK_DASH["toy_cell"],
        "sentence": page.sentence.words,
        "preferred": state.network,
        "drawn": sorted(trace.top.quantities),
    }))
"""


def test_one_file_and_one_line_make_a_network(tmp_path: Path) -> None:
    copy = tmp_path / "playground"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "assets", "datasets"))
    for beside in ("assets", "datasets"):
        found = PACKAGE / beside if (PACKAGE / beside).is_dir() else PACKAGE.parent / beside
        os.symlink(found, copy / beside)
    shutil.copy(Path(__file__).with_name("toy_cell.py"), copy / "engine" / "cells" / "toy_cell.py")
    table = copy / "contract" / "network_catalogue.py"
    before = table.read_text(encoding="utf-8")
    assert before.count(AFTER) == 1
    table.write_text(before.replace(AFTER, LINE + AFTER), encoding="utf-8")

    picture = tmp_path / "step.png"
    done = subprocess.run(
        [sys.executable, "-c", WHAT_FOLLOWS, str(picture)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PLAYGROUND_PATH": "reference"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert "toy_cell" in found["default"]  # in every experiment, off
    assert found["deviation"] < 1e-6  # every number on screen is its formula
    assert found["forget_bias"]
    assert "toy-cell" in found["typed"]
    assert found["title"] == "Toy"
    assert found["colours"] == ["#a01f5c", "#e57fb2"]
    assert found["dash"] == [2, 5]
    assert "it leaks" in found["sentence"]
    assert found["preferred"] == "toy_cell"
    assert found["drawn"] == ["hidden_state", "leak_gate"]
    assert picture.stat().st_size > 10_000
