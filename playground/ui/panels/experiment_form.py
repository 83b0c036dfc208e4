"""The experiment panel: what is learned, by which networks, how. Changes wait, marked, until they are applied."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from playground.contract.setting import setting_specs
from playground.experiment import Experiment, NetworkSettings
from playground.tasks import TASKS
from playground.ui.panels.form_fields import SettingRow
from playground.ui.panels.panel import Panel
from playground.ui.panels.task_chooser import TaskChooser
from playground.ui.state import UiState
from playground.ui.vocabulary import network_title

if TYPE_CHECKING:
    from playground.ui.monitor import RunMonitor


class NetworkButton(QAbstractButton):
    """One network in the list. The square switches it on and off (Space); the name chooses it for editing (Return)."""

    def __init__(self, form: ExperimentForm, cell: str) -> None:
        super().__init__()
        self._form, self.cell = form, cell
        self.setCheckable(True)
        self.chosen = False
        self.pending = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.refresh_words()

    def refresh_words(self) -> None:
        """Take the name from the vocabulary again."""
        title = network_title(self.cell, self._form.state.vocabulary)
        self.setText(title)
        self.setAccessibleName(f"{title}: take part")
        self.setToolTip(
            f"Click the square to let the {title} take part or not. Click the name to edit its settings below; "
            "Ctrl+click edits several together."
        )

    def sizeHint(self) -> QSize:
        theme = self._form.state.theme
        return QSize(QFontMetrics(theme.font(13)).horizontalAdvance(self.text()) + theme.px(60), theme.px(28))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _square(self) -> QRectF:
        size = self._form.state.theme.px(16)
        return QRectF(self._form.state.theme.px(6), (self.height() - size) / 2, size, size)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._form.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self.rect().toRectF().adjusted(1, 1, -1, -1)
        if self.chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("sunken"))
            painter.drawRoundedRect(box, theme.px(6), theme.px(6))
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), theme.px(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, theme.px(6), theme.px(6))
        colour = theme.network(self.cell)
        square = self._square()
        painter.setPen(QPen(colour, 1.6 * theme.scale))
        painter.setBrush(colour if self.isChecked() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(square, theme.px(4), theme.px(4))
        if self.isChecked():
            painter.setPen(QPen(theme.colour("surface"), 2 * theme.scale))
            _x, _y, size = square.x(), square.y(), square.width()
            painter.drawPolyline(
                [
                    square.topLeft() + type(square.topLeft())(size * 0.24, size * 0.54),
                    square.topLeft() + type(square.topLeft())(size * 0.43, size * 0.72),
                    square.topLeft() + type(square.topLeft())(size * 0.77, size * 0.3),
                ]
            )
        painter.setFont(theme.font(13))
        painter.setPen(theme.colour("text" if self.isChecked() else "muted"))
        left = square.right() + theme.px(10)
        painter.drawText(
            QRectF(left, 0, self.width() - left, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text()
        )
        if self.pending:
            painter.setPen(theme.colour("pending_ink"))
            painter.setFont(theme.font(11, bold=True))
            painter.drawText(
                QRectF(0, 0, self.width() - theme.px(8), self.height()),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                "changed",
            )
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.position().x() <= self._square().right() + self._form.state.theme.px(6):
            self._form.switch_network(self.cell)
        else:
            several = event.modifiers() & (
                Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            )
            self._form.choose_network(self.cell, add=bool(several))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self._form.switch_network(self.cell)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._form.choose_network(
                self.cell, add=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            )
        else:
            super().keyPressEvent(event)


class ExperimentForm(Panel):
    """Edits a draft of the running experiment. What differs is marked; Apply starts a new run with it.

    The settings of the networks are shown for the chosen ones together; where these differ the field says so, and
    typing sets all of them.
    """

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(state, "Experiment", parent)
        self._monitor = monitor
        self.draft: Experiment = monitor.experiment
        self.chosen: tuple[str, ...] = tuple(network.cell for network in self.draft.enabled_networks)
        self._task_rows: dict[str, SettingRow] = {}
        self._network_rows: dict[str, SettingRow] = {}
        self._training_rows: dict[str, SettingRow] = {}
        self._sections: list[QLabel] = []
        self._buttons: dict[str, NetworkButton] = {}
        self._impossible: dict[tuple[str, str], Any] = {}
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._content = QWidget()
        self._content.setObjectName("form_content")
        self._column = QVBoxLayout(self._content)
        self._scroll.setWidget(self._content)
        self.body.addWidget(self._scroll, 1)
        self._build()
        self.apply_button = QPushButton("Apply: starts a new run")
        self.apply_button.setProperty("kind", "pending")
        self.apply_button.clicked.connect(self.apply)
        self.discard_button = QPushButton("Discard changes")
        self.discard_button.setProperty("kind", "flat")
        self.discard_button.clicked.connect(self.discard)
        self.defaults_button = QPushButton("Back to the defaults")
        self.defaults_button.setProperty("kind", "flat")
        self.defaults_button.clicked.connect(self.propose_defaults)
        for button in (self.apply_button, self.discard_button, self.defaults_button):
            button.setAccessibleName(button.text())
            self.body.addWidget(button)
        self.apply_button.setToolTip("Start a new run with the changed settings. The run so far ends here.")
        self.discard_button.setToolTip("Forget the changes: the fields show the running experiment again.")
        self.defaults_button.setToolTip(
            "Put the tried and tested recipe into the fields; it waits until you apply it."
        )
        monitor.experiment_changed.connect(self._experiment_replaced)
        state.proposed.connect(self._take_proposals)
        self.restyle()
        self.refresh()
        self._take_proposals()

    # -- building
    def _build(self) -> None:
        self._section("What is learned")
        self.task_chooser = TaskChooser(self.state, self.choose_task)
        self._column.addWidget(self.task_chooser)
        self._task_box = QWidget()
        self._task_column = QVBoxLayout(self._task_box)
        self._task_column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._task_box)
        self._show_task_rows()
        self._section("Networks")
        for network in self.draft.networks:
            button = NetworkButton(self, network.cell)
            self._buttons[network.cell] = button
            self._column.addWidget(button)
        self._chosen_note = QLabel()
        self._chosen_note.setProperty("role", "muted")
        self._chosen_note.setWordWrap(True)
        self._column.addWidget(self._chosen_note)
        self._network_rows = self._rows(NetworkSettings(""), self._network_edited, self._column)
        self._section("Training")
        self._training_rows = self._rows(self.draft.training, self._training_edited, self._column)
        self._column.addStretch(1)

    def _section(self, title: str) -> None:
        label = QLabel(title.upper())
        label.setProperty("role", "section")
        self._sections.append(label)
        self._column.addWidget(label)

    def _show_task_rows(self) -> None:
        """One row for each setting of the draft's task."""
        for row in self._task_rows.values():
            self._task_column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows_of = self.draft.task_name
        self._task_rows = self._rows(self.draft.task, self._task_edited, self._task_column)
        self._task_box.setVisible(bool(self._task_rows))

    def _rows(self, owner: Any, changed: Any, column: QVBoxLayout) -> dict[str, SettingRow]:
        defaults = {entry.name: entry.default for entry in dataclasses.fields(owner)}
        rows = {}
        for name, spec in setting_specs(owner).items():
            rows[name] = SettingRow(self.state, name, spec, defaults[name], changed)
            column.addWidget(rows[name])
        return rows

    def restyle(self) -> None:
        theme = self.state.theme
        self.setFixedWidth(theme.px(264))
        self._column.setContentsMargins(0, 0, theme.px(8), 0)
        self._column.setSpacing(theme.px(6))
        self._task_column.setSpacing(theme.px(6))
        self.task_chooser.restyle()
        for row in (*self._task_rows.values(), *self._network_rows.values(), *self._training_rows.values()):
            row.restyle()
        for button in self._buttons.values():
            button.refresh_words()
            button.updateGeometry()
        self._show_chosen_note()

    # -- what is shown
    def refresh(self) -> None:
        """Show the draft, and what of it waits to be applied."""
        running = self._monitor.experiment
        if self._rows_of != self.draft.task_name:
            self._show_task_rows()
        task = TASKS[self.draft.task_name](self.draft.task)
        self.task_chooser.show_task(task, pending=self.draft.task_name != running.task_name)
        for rows, owner, current in (
            (self._task_rows, self.draft.task, running.task),
            (self._training_rows, self.draft.training, running.training),
        ):
            for name, row in rows.items():
                where = "task" if rows is self._task_rows else "training"
                value = self._impossible.get((where, name), getattr(owner, name))
                waits = type(owner) is type(current) and value != getattr(current, name)
                row.show_value(value, pending=waits)
        self._refresh_networks(running)
        pending = self.is_pending
        self.state.set_pending(pending)
        problem = self.first_problem
        self.apply_button.setVisible(pending)
        self.discard_button.setVisible(pending)
        self.defaults_button.setVisible(not pending and running != Experiment.of_task(running.task_name))
        self.apply_button.setEnabled(problem is None)
        if problem is not None:
            self.apply_button.setToolTip(problem)

    def _refresh_networks(self, running: Experiment) -> None:
        for cell, button in self._buttons.items():
            settings = self.draft.network(cell)
            button.setChecked(settings.enabled)
            button.chosen = cell in self.chosen
            button.pending = settings != running.network(cell)
            button.update()
        chosen = [self.draft.network(cell) for cell in self.chosen]
        for name, row in self._network_rows.items():
            concerned = [s for s in chosen if row.spec.applies_to(s)]
            row.setVisible(bool(concerned))
            if not concerned:
                continue
            values = {getattr(settings, name) for settings in concerned}
            pending = any(getattr(s, name) != getattr(running.network(s.cell), name) for s in concerned)
            if ("networks", name) in self._impossible:
                row.show_value(self._impossible["networks", name], pending=True)
            else:
                row.show_value(next(iter(values)), mixed=len(values) > 1, pending=pending)
        self._show_chosen_note()

    def _show_chosen_note(self) -> None:
        names = [network_title(cell, self.state.vocabulary) for cell in self._buttons if cell in self.chosen]
        everyone = len(names) == len(self._buttons)
        whose = "Settings of all networks" if everyone else "Settings of " + ", ".join(names)
        self._chosen_note.setText(f"{whose}. Click a name to edit one, Ctrl+click several.")

    @property
    def is_pending(self) -> bool:
        """Whether anything waits to be applied, possible or not."""
        return bool(self._impossible) or self.draft != self._monitor.experiment

    @property
    def first_problem(self) -> str | None:
        """The sentence about the first impossible setting; None when the draft can be run."""
        rows = [*self._task_rows.values(), *self._network_rows.values(), *self._training_rows.values()]
        shown = next((row.problem for row in rows if row.problem and not row.isHidden()), None)
        problems = self.draft.problems()
        return shown or (problems[0].sentence if problems else None)

    # -- what a person does
    def _task_edited(self, name: str, value: Any) -> None:
        self._edit("task", name, value)

    def _training_edited(self, name: str, value: Any) -> None:
        self._edit("training", name, value)

    def _network_edited(self, name: str, value: Any) -> None:
        self._edit("networks", name, value)

    def _edit(self, where: str, name: str, value: Any) -> None:
        rows = {"task": self._task_rows, "training": self._training_rows, "networks": self._network_rows}[
            where
        ]
        rows[name].show_value(value, pending=True)
        if rows[name].problem is not None:
            self._impossible[where, name] = value
        else:
            self._impossible.pop((where, name), None)
            self.draft = self._with_value(where, name, value)
        self.refresh()

    def _with_value(self, where: str, name: str, value: Any) -> Experiment:
        if where != "networks":
            return dataclasses.replace(
                self.draft, **{where: dataclasses.replace(getattr(self.draft, where), **{name: value})}
            )
        changed = self.draft
        for cell in self.chosen:
            changed = changed.with_network(dataclasses.replace(changed.network(cell), **{name: value}))
        return changed

    @Slot()
    def _take_proposals(self) -> None:
        """What other pages propose waits here, marked, like everything that is typed."""
        proposals = self.state.take_proposals()
        for network, settings in proposals:
            changed: Any = dataclasses.replace(self.draft.network(network), **settings)  # type: ignore[arg-type]
            self.draft = self.draft.with_network(changed)
        if proposals:
            self.refresh()

    def switch_network(self, cell: str) -> None:
        """Let a network take part, or not."""
        settings = self.draft.network(cell)
        self.draft = self.draft.with_network(dataclasses.replace(settings, enabled=not settings.enabled))
        if (
            not settings.enabled and len(self.chosen) > 1
        ):  # several are edited together: so is the one that joins
            self.chosen = tuple(key for key in self._buttons if key in (*self.chosen, cell))
        self.refresh()

    def choose_network(self, cell: str, *, add: bool = False) -> None:
        """Edit this network's settings; with `add` together with those chosen already (or without it again)."""
        for key in [key for key in self._impossible if key[0] == "networks"]:
            del self._impossible[key]
        if not add:
            self.chosen = tuple(self._buttons) if self.chosen == (cell,) else (cell,)
        elif cell in self.chosen and len(self.chosen) > 1:
            self.chosen = tuple(key for key in self.chosen if key != cell)
        else:
            self.chosen = tuple(key for key in self._buttons if key in (*self.chosen, cell))
        self.refresh()

    @Slot()
    def apply(self) -> None:
        """Start a new run with the draft; does nothing while a setting is impossible or nothing changed."""
        if self.first_problem is None and self.is_pending:
            self._monitor.apply(self.draft)
            self.refresh()

    @Slot()
    def discard(self) -> None:
        """Show the running experiment again."""
        self._impossible.clear()
        self.draft = self._monitor.experiment
        self.refresh()

    @Slot()
    def propose_defaults(self) -> None:
        """Put the task's recipe into the draft; it waits to be applied."""
        self._impossible.clear()
        self.draft = Experiment.of_task(self._monitor.experiment.task_name)
        self.refresh()

    def choose_task(self, name: str) -> None:
        """Put another task into the draft, with its recipe; the running one comes back as it runs."""
        self._impossible.clear()
        running = self._monitor.experiment
        if name == running.task_name:
            self.draft = running
        else:
            draft = Experiment.of_task(name)
            training = dataclasses.replace(draft.training, seed=self.draft.training.seed)
            self.draft = dataclasses.replace(draft, training=training)
        self.chosen = tuple(network.cell for network in self.draft.enabled_networks)
        self.refresh()

    @Slot()
    def _experiment_replaced(self) -> None:
        if self._rows_of != self._monitor.experiment.task_name:
            self.chosen = tuple(network.cell for network in self._monitor.experiment.enabled_networks)
        self.discard()
