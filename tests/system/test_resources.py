"""Resources and places: found in the checkout, and missing in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground import places, resources

ROOT = Path(__file__).parents[2]


def test_assets_and_datasets_of_the_checkout_are_found() -> None:
    assert resources.checkout_root() == ROOT
    assert resources.asset() == ROOT / "assets"
    assert resources.dataset("names/README.md") == ROOT / "datasets/names/README.md"


def test_a_missing_file_is_a_sentence() -> None:
    with pytest.raises(resources.ResourceMissing, match=r"The file assets/no/such\.svg is missing from"):
        resources.asset("no/such.svg")


def test_a_missing_folder_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "playground")
    resources._folder.cache_clear()
    try:
        with pytest.raises(resources.ResourceMissing, match="The folder datasets/ was not found"):
            resources.dataset("x.csv")
    finally:
        resources._folder.cache_clear()


def test_a_folder_beside_an_installed_package_is_not_ours(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "assets").mkdir()  # somebody else's, in site-packages
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "playground")
    resources._folder.cache_clear()
    try:
        with pytest.raises(resources.ResourceMissing):
            resources.asset()
        (tmp_path / "playground/assets").mkdir(parents=True)
        resources._folder.cache_clear()
        assert resources.asset() == tmp_path / "playground/assets"
    finally:
        resources._folder.cache_clear()


@pytest.mark.parametrize(
    ("system", "variables", "expected"),
    [
        ("linux", {}, ".config/sequence-playground"),
        ("linux", {"XDG_CONFIG_HOME": "/c"}, "/c/sequence-playground"),
        ("darwin", {}, "Library/Application Support/sequence-playground"),
        ("win32", {"APPDATA": "/a"}, "/a/sequence-playground"),
        ("win32", {"PLAYGROUND_SETTINGS": "/mine"}, "/mine"),
    ],
)
def test_settings_lie_where_the_system_keeps_them(
    system: str, variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", system)
    for name in ("PLAYGROUND_SETTINGS", "XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, text in variables.items():
        monkeypatch.setenv(name, text)
    assert places.settings_folder() == (Path.home() / expected)
