"""The experiment panel: changes wait and say so, impossible ones are refused at the field, Apply starts a new run."""

import dataclasses

import pytest
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from playground.contract.setting import setting_specs
from playground.experiment import Experiment, NetworkSettings
from playground.tasks import TASKS
from playground.tasks.nature_show_settings import NatureShowSettings
from playground.tasks.task_words import FAMILIES
from playground.ui.panels.experiment_form import ExperimentForm
from playground.ui.panels.form_fields import RangeSlider, SwitchButton, next_on_ladder, parsed
from playground.ui.state import UiState
from playground.ui.style_sheet import style_sheet


class RunningExperiment(QObject):
    """All that the form knows of the monitor."""

    experiment_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.experiment = Experiment()
        self.applied: list[Experiment] = []

    def apply(self, experiment: Experiment) -> None:
        self.applied.append(experiment)
        self.experiment = experiment
        self.experiment_changed.emit()


@pytest.fixture
def form(qtbot: QtBot) -> ExperimentForm:
    state, monitor = UiState(), RunningExperiment()
    panel = ExperimentForm(state, monitor)  # type: ignore[arg-type]
    qtbot.addWidget(panel)
    panel.resize(panel.width(), 900)
    panel.show()
    panel.running = monitor  # type: ignore[attr-defined]
    return panel


def editor(form: ExperimentForm, name: str) -> object:
    rows = {**form._task_rows, **form._network_rows, **form._training_rows}
    return rows[name].editor


def type_into(qtbot: QtBot, form: ExperimentForm, name: str, text: str) -> None:
    field = editor(form, name)
    assert isinstance(field, QLineEdit)
    field.selectAll()
    qtbot.keyClicks(field, text)


def test_at_first_nothing_waits(form: ExperimentForm) -> None:
    assert not form.is_pending
    assert form.apply_button.isHidden()


def test_a_changed_field_waits_and_says_so_until_applied(qtbot: QtBot, form: ExperimentForm) -> None:
    type_into(qtbot, form, "batch_size", "8")
    assert editor(form, "batch_size").property("pending") is True  # type: ignore[attr-defined]
    assert form.apply_button.isVisible()
    assert form.running.applied == []  # type: ignore[attr-defined]
    qtbot.mouseClick(form.apply_button, Qt.MouseButton.LeftButton)
    (applied,) = form.running.applied  # type: ignore[attr-defined]
    assert applied == dataclasses.replace(
        Experiment(), training=dataclasses.replace(Experiment().training, batch_size=8)
    )
    assert not form.is_pending
    assert editor(form, "batch_size").property("pending") is False  # type: ignore[attr-defined]


def test_going_back_to_the_running_value_waits_no_longer(qtbot: QtBot, form: ExperimentForm) -> None:
    type_into(qtbot, form, "seed", "7")
    assert form.is_pending
    type_into(qtbot, form, "seed", str(Experiment().training.seed))
    assert not form.is_pending


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("units", "0", "must be at least 1"),
        ("units", "many", "whole number, not 'many'"),
        ("batch_size", "999999", "can be at most 1024"),
        ("learning_rate", "0", "must be at least"),
        ("learning_rate", "fast", "a number, not 'fast'"),
        ("seed", "", "a whole number"),
    ],
)
def test_the_impossible_is_refused_at_the_field(
    qtbot: QtBot, form: ExperimentForm, name: str, text: str, said: str
) -> None:
    if text:
        type_into(qtbot, form, name, text)
    else:
        field = editor(form, name)
        assert isinstance(field, QLineEdit)
        field.selectAll()
        qtbot.keyClick(field, Qt.Key.Key_Delete)
    rows = {**form._network_rows, **form._training_rows}
    assert said in (rows[name].problem or "")
    assert rows[name]._sentence.isVisible()
    assert not form.apply_button.isEnabled()
    form.apply()
    assert form.running.applied == []  # type: ignore[attr-defined]
    qtbot.mouseClick(form.discard_button, Qt.MouseButton.LeftButton)
    assert form.first_problem is None
    assert not form.is_pending
    assert rows[name].problem is None


def test_chosen_networks_are_edited_together_and_others_left_alone(
    qtbot: QtBot, form: ExperimentForm
) -> None:
    form.choose_network("rnn")
    form.choose_network("lstm", add=True)
    type_into(qtbot, form, "units", "24")
    assert [form.draft.network(cell).units for cell in ("no_memory", "rnn", "lstm", "guide_lstm")] == [
        16,
        24,
        24,
        16,
    ]


def test_where_networks_differ_the_field_says_mixed(form: ExperimentForm) -> None:
    field = editor(form, "clip_norm")
    assert isinstance(field, QLineEdit)
    assert (field.text(), field.placeholderText()) == ("", "mixed")
    form.choose_network("guide_lstm")
    assert field.text() == f"{Experiment().network('guide_lstm').clip_norm:g}"


def test_only_settings_that_the_chosen_networks_have_are_shown(form: ExperimentForm) -> None:
    form.choose_network("rnn")
    assert form._network_rows["activation"].isVisible()
    assert not form._network_rows["forget_gate_bias"].isVisible()
    form.choose_network("lstm")
    assert not form._network_rows["activation"].isVisible()
    assert form._network_rows["forget_gate_bias"].isVisible()


def test_a_network_is_switched_by_its_square_and_chosen_by_its_name(
    qtbot: QtBot, form: ExperimentForm
) -> None:
    button = form._buttons["gru"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(12, button.height() // 2))
    assert form.draft.network("gru").enabled
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(60, button.height() // 2))
    assert form.chosen == ("gru",)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert not form.draft.network("gru").enabled


def test_with_no_network_at_all_apply_is_refused(form: ExperimentForm) -> None:
    for network in Experiment().enabled_networks:
        form.switch_network(network.cell)
    assert form.first_problem is not None
    assert "at least one network" in form.first_problem
    assert not form.apply_button.isEnabled()


def test_the_range_is_set_by_mouse_and_keys(qtbot: QtBot, form: ExperimentForm) -> None:
    slider = editor(form, "flowers")
    assert isinstance(slider, RangeSlider)
    slider.setFocus()
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 2, slider.height() // 2))
    assert form.draft.task == NatureShowSettings(flowers=(0, 60))
    qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert form.draft.task.flowers == (0, 59)
    qtbot.keyClick(slider, Qt.Key.Key_Down)
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert form.draft.task.flowers == (2, 59)


def test_the_handles_never_cross(qtbot: QtBot, form: ExperimentForm) -> None:
    slider = editor(form, "flowers")
    assert isinstance(slider, RangeSlider)
    slider.show_value(10, 12)
    slider.setFocus()
    for _ in range(5):
        qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert slider.value == (10, 10)


def test_the_curriculum_switch_and_the_optimiser(qtbot: QtBot, form: ExperimentForm) -> None:
    switch, combo = editor(form, "curriculum"), editor(form, "optimiser")
    assert isinstance(switch, SwitchButton)
    assert isinstance(combo, QComboBox)
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert form.draft.task.curriculum
    assert form.draft.training.optimiser == "sgd"


def test_up_and_down_go_along_sensible_values(qtbot: QtBot, form: ExperimentForm) -> None:
    form.choose_network("lstm")
    for key, value in ((Qt.Key.Key_Up, 0.02), (Qt.Key.Key_Up, 0.05), (Qt.Key.Key_Down, 0.02)):
        qtbot.keyClick(editor(form, "learning_rate"), key)  # type: ignore[call-overload]
        assert form.draft.network("lstm").learning_rate == value
    qtbot.keyClick(editor(form, "units"), Qt.Key.Key_Down)  # type: ignore[call-overload]
    assert form.draft.network("lstm").units == 15


def test_defaults_can_be_proposed_and_wait(form: ExperimentForm) -> None:
    monitor = form.running  # type: ignore[attr-defined]
    monitor.apply(Experiment().with_network(NetworkSettings("lstm", units=4)))
    assert form.draft == monitor.experiment
    assert form.defaults_button.isVisible()
    form.propose_defaults()
    assert form.is_pending
    assert form.draft == Experiment()


def test_every_field_has_a_name_and_one_sentence(form: ExperimentForm) -> None:
    for vocabulary in ("textbook", "guide"):
        form.state.set_appearance(vocabulary=vocabulary)
        for row in (*form._task_rows.values(), *form._network_rows.values(), *form._training_rows.values()):
            assert row.editor.accessibleName() == row.spec.label[vocabulary]
            assert row.editor.toolTip().endswith(".")


@pytest.mark.parametrize(("text", "default", "value"), [("3", 1, 3), ("0,5", 1.0, 0.5), ("1e-3", 1.0, 0.001)])
def test_numbers_are_read_as_people_write_them(text: str, default: object, value: object) -> None:
    assert parsed(text, default) == value


@pytest.mark.parametrize(
    ("value", "up", "down"), [(0.01, 0.02, 0.005), (0.003, 0.005, 0.002), (1.0, 2.0, 0.5), (0.05, 0.1, 0.02)]
)
def test_the_ladder_is_one_two_five(value: float, up: float, down: float) -> None:
    assert next_on_ladder(value, True) == up
    assert next_on_ladder(value, False) == down


# -- another task
def test_another_task_waits_with_its_settings_and_its_recipe(qtbot: QtBot, form: ExperimentForm) -> None:
    other = next(name for name in TASKS if name != Experiment().task_name)
    before = set(form._task_rows)
    form.choose_task(other)
    assert form.is_pending
    assert form.task_chooser.name == other
    assert form.task_chooser.box.property("pending") is True
    assert set(form._task_rows) == set(setting_specs(TASKS[other].settings_type))
    assert set(form._task_rows) != before
    expected = Experiment.of_task(other)
    assert form.draft == expected
    assert TASKS[other](None).question in form.task_chooser.sentence.text()
    assert form.running.applied == []  # type: ignore[attr-defined]
    form.apply()
    assert form.running.applied == [expected]  # type: ignore[attr-defined]
    assert not form.is_pending
    assert form.defaults_button.isHidden()  # these are its defaults


def test_going_back_to_the_running_task_brings_back_what_runs(qtbot: QtBot, form: ExperimentForm) -> None:
    type_into(qtbot, form, "seed", "7")
    form.apply()
    running = form.draft
    form.choose_task(next(name for name in TASKS if name != running.task_name))
    assert form.draft.training.seed == 7  # the seed stays
    form.choose_task(running.task_name)
    assert form.draft == running
    assert not form.is_pending
    form.choose_task(next(name for name in TASKS if name != running.task_name))
    qtbot.mouseClick(form.discard_button, Qt.MouseButton.LeftButton)
    assert form.task_chooser.name == running.task_name
    assert set(form._task_rows) == set(setting_specs(running.task))


def test_all_tasks_are_offered_under_their_families(form: ExperimentForm) -> None:
    box = form.task_chooser.box
    entries = [(box.itemText(row), box.itemData(row)) for row in range(box.count())]
    assert [name for _, name in entries if name] == [
        task.name for family in FAMILIES for task in TASKS.values() if task.family == family
    ]
    headings = [text for text, name in entries if name is None]
    families = {task.family for task in TASKS.values()}
    assert headings == [words.guide for family, words in FAMILIES.items() if family in families]
    for row in range(box.count()):
        chosen = bool(box.model().flags(box.model().index(row, 0)) & Qt.ItemFlag.ItemIsSelectable)
        assert chosen is (entries[row][1] is not None)


def test_new_words_and_sizes_leave_the_list_of_tasks_where_it_is(form: ExperimentForm) -> None:
    chooser = form.task_chooser
    box, other = chooser.box, list(TASKS)[1]
    form.choose_task(other)
    model = box.model()
    size = box.itemData(0, Qt.ItemDataRole.FontRole).pixelSize()
    form.state.set_appearance(vocabulary="textbook", lecture=True)
    chooser.restyle()
    assert box.model() is model  # a list that is replaced while Qt looks at it may crash the window
    assert box.itemData(0, Qt.ItemDataRole.FontRole).pixelSize() > size
    headings = [box.itemText(row) for row in range(box.count()) if box.itemData(row) is None]
    families = {task.family for task in TASKS.values()}
    assert headings == [words.textbook for family, words in FAMILIES.items() if family in families]
    assert chooser.name == other


def test_the_title_of_every_task_fits_its_box(form: ExperimentForm) -> None:
    box = form.task_chooser.box
    form.setStyleSheet(style_sheet(form.state.theme))
    for name in TASKS:
        box.setCurrentIndex(box.findData(name))
        title, font = box.shown_title()
        assert title == box.currentText()
        assert QFontInfo(font).pixelSize() >= 11
    assert not box.grab().isNull()
