"""What the window remembers, and what becomes of a file that is broken, old or in the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from playground.ui.settings import SettingsBroken, SettingsFile, WindowSettings

FULL = WindowSettings(
    geometry="01d9d0cb",
    maximised=True,
    theme="dark",
    vocabulary="textbook",
    page="memory",
    speed=5.0,
    motion=False,
    panel_open=False,
)


def test_read_what_was_written(settings_folder: Path) -> None:
    file = SettingsFile()
    assert file.path == settings_folder / "settings.json"
    assert file.read() == WindowSettings()
    assert file.write(FULL)
    assert SettingsFile().read() == FULL
    assert SettingsFile().problem == ""
    assert [path.name for path in settings_folder.iterdir()] == ["settings.json"]


def test_types_survive_the_file() -> None:
    again = WindowSettings.from_json(FULL.to_json())
    assert again == FULL
    assert again.motion is False
    assert WindowSettings.from_json(WindowSettings(speed=None).to_json()).speed is None


BROKEN = {
    "{": "it is not JSON",
    "[]": "it does not hold settings",
    "{}": "it belongs to another version",
    '{"version": 99}': "it belongs to another version",
    '{"version": 1, "theme": "pink"}': "there is no theme 'pink'",
    '{"version": 1, "theme": 3}': "'theme' is not text",
    '{"version": 1, "motion": "false"}': "'motion' is neither on nor off",
    '{"version": 1, "speed": "fast"}': "the speed is not a number",
    '{"version": 1, "speed": true}': "the speed is not a number",
    '{"version": 1, "speed": 7}': "there is no such speed",
    '{"version": 1, "speed": NaN}': "the speed is not a number",
    '{"version": 1, "vocabulary": "klingon"}': "there is no vocabulary 'klingon'",
    '{"version": 1, "geometry": "xyz"}': "the place of the window cannot be read",
}


@pytest.mark.parametrize(("text", "why"), list(BROKEN.items()))
def test_a_broken_file_is_set_aside(text: str, why: str, settings_folder: Path) -> None:
    settings_folder.mkdir()
    (settings_folder / "settings.json").write_text(text, encoding="utf-8")
    file = SettingsFile()
    assert file.read() == WindowSettings()
    assert file.problem == (
        f"The old settings were set aside as settings.json.broken-1, because {why}; the usual ones are used."
    )
    assert (settings_folder / "settings.json.broken-1").read_text(encoding="utf-8") == text
    assert not file.path.exists()
    with pytest.raises(SettingsBroken):
        WindowSettings.from_json(text)


def test_every_broken_file_is_kept(settings_folder: Path) -> None:
    settings_folder.mkdir()
    for _ in range(3):
        (settings_folder / "settings.json").write_text("{", encoding="utf-8")
        SettingsFile().read()
    names = sorted(path.name for path in settings_folder.iterdir())
    assert names == [f"settings.json.broken-{number}" for number in (1, 2, 3)]


def test_not_even_text(settings_folder: Path) -> None:
    settings_folder.mkdir()
    (settings_folder / "settings.json").write_bytes(b"\xff\xfe\x00")
    file = SettingsFile()
    assert file.read() == WindowSettings()
    assert "it is not text" in file.problem


def test_a_setting_of_a_later_version_is_left_out() -> None:
    raw = json.loads(FULL.to_json())
    raw["colour_of_the_mouse"] = "grey"
    assert WindowSettings.from_json(json.dumps(raw)) == FULL


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    in_the_way = tmp_path / "settings"
    in_the_way.write_text("a file", encoding="utf-8")
    file = SettingsFile(in_the_way)
    assert not file.write(FULL)
    assert file.problem.startswith("The settings could not be written to")
    assert SettingsFile(in_the_way).read() == WindowSettings()


def test_a_folder_in_the_place_of_the_file(settings_folder: Path) -> None:
    (settings_folder / "settings.json").mkdir(parents=True)
    file = SettingsFile()
    assert file.read() == WindowSettings()
    assert "could not be read" in file.problem
